import type { Strings } from '../strings.ts'
import { counted } from '../counted.ts'

const count = counted('de')

export const graph: Strings['graph'] = {
  title: 'Graph',
  lead: 'In SPARQL fragen, was über die Bilder bekannt ist.',
  none: 'Dieser Server führt keinen Wissensgraphen: seine Einstellung GRAPH ist none.',
  known: 'Was der Graph weiß',
  of: 'von',
  all: count({ one: 'Die eine Aussage', other: 'Alle # Aussagen' }),
  property: 'Eigenschaft',
  value: 'Wert',
  valueHint: 'Wert oder Webadresse',
  add: 'Aussage hinzufügen',
  query: 'SPARQL-Anfrage',
  ask: 'Fragen',
  asking: 'Es wird gefragt…',
  rows: count({ one: '# Zeile', other: '# Zeilen' }),
  answer: 'Antwort',
  yes: 'Ja.',
  no: 'Nein.',
  firstRows: count({
    one: 'Gezeigt wird die erste Zeile.',
    other: 'Gezeigt werden die ersten # Zeilen.',
  }),
  examples: {
    newest: 'Neueste Bilder',
    categories: 'Kategorien',
    derived: 'Aus einem anderen gemacht',
    illustrators: 'Illustratoren',
  },
}
