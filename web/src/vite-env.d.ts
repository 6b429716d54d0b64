/// <reference types="vite/client" />

/** Of the sources that the page was built from. */
declare const __BUILD__: string
