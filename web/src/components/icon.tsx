const paths = {
  picture: 'M3.5 5.5h17v13h-17z M3.5 15.5l4.6-4.6 4.4 4.4 2.6-2.6 5.4 5.3 M15.2 9.4h.01',
  unavailable: 'M3.5 5.5h17v13h-17z M3.5 15.5l4.6-4.6 4.4 4.4 M4 3l16 18',
  similar:
    'M12 3.2a5.8 5.8 0 1 0 0 11.6 5.8 5.8 0 0 0 0-11.6 M12 9.2a5.8 5.8 0 1 0 0 11.6 5.8 5.8 0 0 0 0-11.6',
  close: 'M6.5 6.5l11 11 M17.5 6.5l-11 11',
  check: 'M5.5 12.5l4.3 4.3 8.7-9.3',
  sun: 'M12 8.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6 M12 3v1.8 M12 19.2V21 M3 12h1.8 M19.2 12H21 M5.6 5.6l1.3 1.3 M17.1 17.1l1.3 1.3 M18.4 5.6l-1.3 1.3 M6.9 17.1l-1.3 1.3',
  moon: 'M19.8 14.2A8 8 0 0 1 9.8 4.2a8 8 0 1 0 10 10z',
} as const

export type IconName = keyof typeof paths

/** A drawing beside words that say the same; hidden from assistive technology. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

/** Two equal circles; where they meet, an eye. The same drawing as `public/icon.svg`. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="11.5" r="9.5" />
      <circle cx="16" cy="20.5" r="9.5" />
      <circle className="mark__pupil" cx="16" cy="16" r="2.75" />
    </svg>
  )
}
