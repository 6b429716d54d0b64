import type { Query } from '@traqula/rules-sparql-1-1'
import { LookalikeError } from '../errors.ts'
import { groupings, slice } from './edits.ts'
import { parse } from './syntax.ts'

export interface ReadQuery {
  /** What was given, with parentheses that engines need: this is what they are asked. */
  readonly text: string
  readonly kind: 'SELECT' | 'ASK' | 'CONSTRUCT' | 'DESCRIBE'
  /** Names of the variables of a SELECT that lists them; null for `*` and the other kinds. */
  readonly variables: string[] | null
  /** Whether it names its own dataset with FROM. */
  readonly hasDataset: boolean
}

/** @throws LookalikeError `invalid_query` for what is no query, `query_refused` for SERVICE */
export function queryOf(text: string): ReadQuery {
  const query = parse(text)
  if (query.type !== 'query') {
    throw new LookalikeError(
      'query_refused',
      'This is an update, and queries only read. Send updates to POST /api/kg/update.',
    )
  }
  return {
    text: slice(text, groupings(text, query), [0, text.length]),
    kind: query.subType.toUpperCase() as ReadQuery['kind'],
    variables: variablesOf(query),
    hasDataset: query.datasets.clauses.length > 0,
  }
}

function variablesOf(query: Query): string[] | null {
  if (query.subType !== 'select') return null
  const named = query.variables.flatMap((item) => {
    if (item.type === 'wildcard') return []
    return [item.type === 'pattern' ? item.variable.value : item.value]
  })
  return named.length > 0 ? named : null
}
