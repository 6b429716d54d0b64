import type { Strings } from '../strings.ts'
import { counted } from '../counted.ts'

const count = counted('de')

export const results: Strings['results'] = {
  pictures: 'Bilder',
  status: 'Stand',
  title: 'Ergebnisse',
  similarImages: 'Ähnliche Bilder',
  found: count({ one: '# ähnliches Bild', other: '# ähnliche Bilder' }),
  none: 'Keine ähnlichen Bilder',
  below: (n, minimum) => `${n} unter ${minimum}`,
  moreBelow: (n, minimum) => `${n} weitere unter ${minimum}.`,
  showAll: 'Alle zeigen',
  closest: (score, minimum) =>
    `Das ähnlichste Bild hat ${score}; mindestens verlangt ist ${minimum}.`,
  lower: (minimum) => `Auf ${minimum} senken`,
  again: (limit) => `„Suchen“ noch einmal drücken, um bis zu ${limit} zu finden.`,
  nothingAlike:
    'Die Sammlung hat kein anderes Bild zum Vergleichen. Einige hinzufügen und noch einmal suchen.',
  like: (name) => `Wie ${name}`,
  yourDescription: 'Deine Beschreibung',
  measured: 'Was gemessen wurde',
  seen: 'Was Lookalike sieht',
  editDescription: 'Beschreibung ändern',
  description: 'Beschreibung',
  searchDescription: 'Mit dieser Beschreibung suchen',
  foundIn: (duration) => `Gefunden in ${duration}`,
  remembered: 'Schon gesehen, aus dem Gedächtnis beantwortet',
  cost: (dollars) => `Etwa ${dollars} $`,
  open: (name) => `${name} ganz öffnen`,
  similarScore: ' ähnlich, Wert ',
  cosine: 'Kosinus-Ähnlichkeit',
  findSimilar: 'Ähnliche finden',
  similarTo: (name) => ` zu ${name}`,
  less: 'Weniger',
  details: 'Mehr',
  of: (name) => ` über ${name}`,
  uri: 'Bild-URI',
  shows: 'Zeigt',
  size: 'Größe',
  dimensions: (width, height) => `${width} × ${height}`,
}
