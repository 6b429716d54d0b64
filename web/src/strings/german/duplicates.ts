import { counted } from '../counted.ts'
import type { Strings } from '../strings.ts'

const count = counted('de')
const groups = count({ one: '# Bild ist', other: '# Bilder sind' })

export const duplicates: Strings['duplicates'] = {
  title: 'Duplikate',
  lead: (found, others) =>
    `${groups(found)} mehrfach da; ${count({ one: '# Kopie', other: '# Kopien' })(others)} könnten weg. Was ausgewählt ist, bleibt, die anderen werden gelöscht.`,
  none: 'Kein Bild ist mehrfach da.',
  pending: count({
    one: '# weiteres wird noch verglichen.',
    other: '# weitere werden noch verglichen.',
  }),
  group: (copies, name) => `${copies} Kopien von ${name}`,
  keeps: 'Behalten',
  goes: 'Löschen',
  best: 'beste Kopie',
  identical: 'dieselbe Datei',
  similar: 'dasselbe Bild',
  deleteOthers: count({ one: 'Das andere löschen', other: 'Die anderen # löschen' }),
  deleteAll: 'Die anderen von allen löschen',
  changes: {
    mirrored: () => 'gespiegelt',
    turned: (degrees) => `um ${degrees}° gedreht`,
    rotated: (degrees) => `um ${degrees}° geneigt`,
    cropped: (percent) => `auf ${percent} % beschnitten`,
    extended: () => 'zeigt mehr ringsum',
    framed: () => 'gerahmt',
    unframed: () => 'ohne Rahmen',
    overlaid: () => 'beschriftet oder bemalt',
    grey: () => 'in Grau',
    coloured: () => 'in Farbe',
    recoloured: () => 'andere Farben',
    brighter: () => 'heller',
    darker: () => 'dunkler',
    more_contrast: () => 'mehr Kontrast',
    less_contrast: () => 'weniger Kontrast',
    scaled: (percent) => `auf ${percent} % skaliert`,
  },
}
