import sparqljs, { type SparqlQuery } from 'sparqljs'
import { LookalikeError } from '../errors.ts'

/** Longer than any question a person or program asks; reading text takes time too. */
const maxCharacters = 100_000

export interface ReadQuery {
  readonly kind: 'SELECT' | 'ASK' | 'CONSTRUCT' | 'DESCRIBE'
  /** Names of the variables of a SELECT that lists them; null for `*` and the other kinds. */
  readonly variables: string[] | null
  /** Whether it names its own dataset with FROM. */
  readonly hasDataset: boolean
}

/**
 * Reads SPARQL 1.1 Query text without running it.
 *
 * @throws LookalikeError `invalid_query` for what is no query, `query_refused` for SERVICE
 */
export function readQuery(text: string): ReadQuery {
  const query = parse(text)
  if (query.type !== 'query') {
    throw new LookalikeError(
      'query_refused',
      'This is an update, and queries only read. Send updates to POST /api/kg/update.',
    )
  }
  refuseService(query)
  const variables = query.queryType === 'SELECT' ? query.variables.map(nameOf) : []
  return {
    kind: query.queryType,
    variables: variables.length > 0 && !variables.includes('*') ? variables : null,
    hasDataset: query.from !== undefined,
  }
}

/** @throws LookalikeError `invalid_query`, with the line and what was expected there */
export function parse(text: string): SparqlQuery {
  if (text.length > maxCharacters) {
    throw new LookalikeError(
      'query_refused',
      `The text is longer than ${maxCharacters} characters. Import large data at POST /api/kg/import.`,
    )
  }
  try {
    return new sparqljs.Parser().parse(text)
  } catch (error) {
    const [first = '', ...rest] = (error as Error).message.split('\n')
    const where = rest.length > 1 ? ` near "${rest[0]!.trim().slice(-80)}"` : ''
    throw new LookalikeError(
      'invalid_query',
      `This is not SPARQL 1.1: ${first.replace(/:$/, '')}${where}.`,
      { cause: error },
    )
  }
}

/** @throws LookalikeError `query_refused` when any part asks another server */
export function refuseService(part: unknown): void {
  if (typeof part !== 'object' || part === null) return
  if ((part as { type?: unknown }).type === 'service') {
    throw new LookalikeError(
      'query_refused',
      'SERVICE is refused: this server sends no queries to others. Import the data you need instead.',
    )
  }
  for (const inner of Object.values(part)) refuseService(inner)
}

function nameOf(variable: object): string {
  if ('variable' in variable) return nameOf(variable.variable as object)
  return (variable as { value: string }).value
}
