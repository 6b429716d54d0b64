import { counted } from '../counted.ts'
import type { Strings } from '../strings.ts'

const count = counted('de')

export const removals: Strings['removals'] = {
  title: 'Gelöschte Bilder',
  deleted: count({ one: '# Bild gelöscht', other: '# Bilder gelöscht' }),
  deleting: count({ one: '# Bild wird gelöscht…', other: '# Bilder werden gelöscht…' }),
  failed: (reason) => `Nicht gelöscht: ${reason}`,
  undo: 'Zurückholen',
  undoNamed: count({
    one: '# gelöschtes Bild zurückholen',
    other: '# gelöschte Bilder zurückholen',
  }),
  undone: count({ one: '# Bild ist wieder da.', other: '# Bilder sind wieder da.' }),
  now: 'Jetzt endgültig löschen',
}
