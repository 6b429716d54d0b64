import { Parser } from '@traqula/parser-sparql-1-1'
import { AstFactory, type SparqlQuery } from '@traqula/rules-sparql-1-1'
import { LookalikeError } from '../errors.ts'
import { isIri } from './iri.ts'

/** A node of the syntax tree, as seen by those who walk all of it. */
export interface AnyNode {
  readonly type?: string
  readonly subType?: string
  readonly value?: unknown
  readonly prefix?: string
}

/** Making one takes longer than reading most texts. */
let parser: Parser | undefined

/**
 * The syntax tree of SPARQL 1.1 text; every node knows where in the text it stands.
 *
 * @throws LookalikeError `invalid_query` for what is no SPARQL, `query_refused` for SERVICE
 * @throws RangeError when the text chains more than the stack holds
 */
export function parse(text: string): SparqlQuery {
  parser ??= new Parser({
    defaultContext: { astFactory: new AstFactory() },
    lexerConfig: { positionTracking: 'full' },
  })
  try {
    // It decodes escapes as well, also where the backslash is itself escaped: those are hidden from it.
    const tree = parser.parse(text.replace(/\\u/g, '\\\\u0075').replace(/\\U/g, '\\\\u0055'))
    check(tree)
    return tree
  } catch (error) {
    if (error instanceof LookalikeError) throw error
    if (error instanceof RangeError) throw error
    throw new LookalikeError('invalid_query', `This is not SPARQL 1.1: ${wording(error as Error)}.`)
  }
}

/** Calls `visit` with every node, those that contain others first. */
export function walk(part: unknown, visit: (node: AnyNode) => void): void {
  if (typeof part !== 'object' || part === null) return
  if ('type' in part) visit(part as AnyNode)
  for (const [name, inner] of Object.entries(part)) if (name !== 'loc') walk(inner, visit)
}

function check(tree: SparqlQuery): void {
  let hasBase = false
  const iris: string[] = []
  walk(tree, ({ type, subType, value, prefix }) => {
    if (type === 'contextDef' && subType === 'base') hasBase = true
    if (type === 'pattern' && subType === 'service') {
      throw new LookalikeError(
        'query_refused',
        'SERVICE is refused: this server sends no queries to others. Import the data you need instead.',
      )
    }
    if (subType === 'namedNode' && prefix === undefined) iris.push(value as string)
  })
  // Engines differ in what they let through, and a statement with no IRI in it could not be exported.
  const unfit = iris.find(
    (iri) => !isIri(/^[A-Za-z][A-Za-z0-9+.-]*:/.test(iri) || !hasBase ? iri : `a:${iri}`),
  )
  if (unfit === undefined) return
  throw new LookalikeError(
    'invalid_query',
    `<${unfit}> is no IRI (RFC 3987). Percent-encode what may not stand in one; relative ones need a BASE.`,
  )
}

/** The first line of what the parser says, and where. */
function wording({ message }: Error): string {
  const [first = '', ...rest] = message.split('\n')
  const marked = rest.findIndex((line) => /^-*\^/.test(line))
  const line = rest[marked - 1]?.slice(0, rest[marked]!.indexOf('^') + 1)
  const found = /^but found: '(.*)'/m.exec(message)?.[1]
  const where = line ? ` near "${line.slice(-80)}"` : found === '' ? ': it ends too early' : ''
  return (first.replace(/, skipped .*/, '').slice(0, 200) + where).replace(/[.:]$/, '')
}
