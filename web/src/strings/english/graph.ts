import { counted } from '../counted.ts'

const count = counted('en')

export const graph = {
  title: 'Graph',
  lead: 'Ask in SPARQL what is known of the pictures.',
  none: 'This server keeps no knowledge graph: its GRAPH setting is none.',
  known: 'What the graph knows',
  of: 'of',
  all: count({ one: 'All # statement', other: 'All # statements' }),
  property: 'Property',
  value: 'Value',
  valueHint: 'Value or web address',
  add: 'Add statement',
  query: 'SPARQL query',
  ask: 'Ask',
  asking: 'Asking…',
  rows: count({ one: '# row', other: '# rows' }),
  answer: 'Answer',
  yes: 'Yes.',
  no: 'No.',
  firstRows: count({ one: 'The first row is shown.', other: 'The first # rows are shown.' }),
  examples: {
    newest: 'Newest pictures',
    categories: 'Categories',
    derived: 'Made from another',
    illustrators: 'Illustrators',
  },
}
