import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The wall of pictures, and the ways to bring some in: several views have them, and a search begins without. */
const ofTheWall =
  /features\/(library\/(wall\/|selection|pictures\.ts|empty)|uploads\/(add-pictures|offered))/

export default defineConfig({
  root: import.meta.dirname,
  // Relative links: the page may be served below a path.
  base: './',
  plugins: [react()],
  define: { __BUILD__: '"sources"' },
  // Under the content security policy an asset inlined as a data: URL would not load everywhere.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What several views use comes with the frame: a file of its own for each would be more headers than code.
        codeSplitting: {
          groups: [
            { name: 'shared', minShareCount: 2, test: (id) => !ofTheWall.test(id), priority: 1 },
            { name: 'wall', test: ofTheWall },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
})
