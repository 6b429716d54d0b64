const paths = {
  picture: 'M3.5 5.5h17v13h-17z M3.5 15.5l4.6-4.6 4.4 4.4 2.6-2.6 5.4 5.3 M15.2 9.4h.01',
  unavailable: 'M3.5 5.5h17v13h-17z M3.5 15.5l4.6-4.6 4.4 4.4 M4 3l16 18',
  similar:
    'M12 3.2a5.8 5.8 0 1 0 0 11.6 5.8 5.8 0 0 0 0-11.6 M12 9.2a5.8 5.8 0 1 0 0 11.6 5.8 5.8 0 0 0 0-11.6',
  find: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13 M15.3 15.3l5.2 5.2',
  crop: 'M7 2.5v14.5h14.5 M2.5 7H17v14.5',
  close: 'M6.5 6.5l11 11 M17.5 6.5l-11 11',
  check: 'M5.5 12.5l4.3 4.3 8.7-9.3',
  library: 'M3.5 4.5h7v9h-7z M13.5 4.5h7v5h-7z M13.5 12.5h7v7h-7z M3.5 16.5h7v3h-7z',
  copies: 'M8.5 3.5h12v12h-12z M15.5 15.5v5h-12v-12h5',
  graph:
    'M6.5 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5 M17.5 8.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5 M8.5 15.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5 M8.9 7.8l6.2 2.3 M7 9.5l1 6 M15.6 12.6l-5 3.9',
  previous: 'M14.5 5.5L8 12l6.5 6.5',
  next: 'M9.5 5.5L16 12l-6.5 6.5',
  closer:
    'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13 M15.3 15.3l5.2 5.2 M7.7 10.5h5.6 M10.5 7.7v5.6',
  farther: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13 M15.3 15.3l5.2 5.2 M7.7 10.5h5.6',
  compare: 'M3.5 5.5h17v13h-17z M12 3v18 M12 9l8.5-3 M12 14l8.5-4',
  beside: 'M3.5 5.5h7.5v13H3.5z M13 5.5h7.5v13H13z',
  details: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17 M12 11v5.5 M12 7.6h.01',
  bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.8 1.8H4.7z M10.2 20.8h3.6',
  right:
    'M4 10.5h3v9H4z M7 18.5c1.8 1 3.6 1.2 6 1.2h2.6c1.3 0 2-.7 2.4-1.8l1.7-5c.5-1.6-.4-2.7-1.9-2.7H13.5l.7-3.6c.2-1.3-.4-2.3-1.6-2.3-.7 0-1 .3-1.3 1L7 10.9',
  wrong:
    'M4 4.5h3v9H4z M7 5.5c1.8-1 3.6-1.2 6-1.2h2.6c1.3 0 2 .7 2.4 1.8l1.7 5c.5 1.6-.4 2.7-1.9 2.7H13.5l.7 3.6c.2 1.3-.4 2.3-1.6 2.3-.7 0-1-.3-1.3-1L7 13.1',
  map: 'M3.5 6.5l5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2z M9 4.5v13 M15 6.5v13',
  plus: 'M12 5.5v13 M5.5 12h13',
  minus: 'M5.5 12h13',
  all: 'M4.5 9.5v-5h5 M14.5 4.5h5v5 M19.5 14.5v5h-5 M9.5 19.5h-5v-5',
  settings:
    'M4 7h9 M17 7h3 M15 4.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4 M4 17h3 M11 17h9 M9 14.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4',
  command:
    'M9 9V6.5A2.5 2.5 0 1 0 6.5 9H9z M15 9V6.5A2.5 2.5 0 1 1 17.5 9H15z M9 15v2.5A2.5 2.5 0 1 1 6.5 15H9z M15 15v2.5a2.5 2.5 0 1 0 2.5-2.5H15z M9 9h6v6H9z',
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
