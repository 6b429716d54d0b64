import type {
  ContextDefinition,
  Quads,
  TermIri,
  UpdateOperation,
  UpdateOperationModify,
} from '@traqula/rules-sparql-1-1'
import { LookalikeError } from '../errors.ts'
import { groupings, slice, span } from './edits.ts'
import { parse } from './syntax.ts'

/** One operation of an update, as CONSTRUCT queries for what it takes away and what it then adds. */
export interface UpdateStep {
  readonly remove: string | null
  readonly add: string | null
}

export interface ReadUpdate {
  /** For an engine whose truth lies elsewhere. */
  readonly steps: UpdateStep[]
  /** For another engine: the same, confined to the writable graph. */
  readonly text: string
}

/** What goes and what comes for each match of a pattern: all in words of SPARQL. */
interface Change {
  readonly prologue: string
  readonly remove: string
  readonly add: string
  /** The graphs seen, as `<a>` and `NAMED <b>`. */
  readonly seen: string[]
  /** A group with its braces. */
  readonly where: string
}

/** Longest that the prefixes of all operations together may become, in characters. */
const maxPrologues = 5_000_000

/** The graphs of a store, by name. */
export interface Graphs {
  /** The only one that may change. */
  readonly writable: string
  /** Those that patterns see when an update does not say; in parts that say WITH, the writable one is the default. */
  readonly all: readonly string[]
}

/**
 * Reads SPARQL 1.1 Update text as changes of the writable graph: what names no graph is meant for it, any
 * other is refused.
 *
 * @throws LookalikeError `invalid_query`, or `query_refused` for LOAD, SERVICE and other graphs
 */
export function updateOf(text: string, graphs: Graphs): ReadUpdate {
  const tree = parse(text)
  if (tree.type !== 'update') {
    throw new LookalikeError('invalid_query', 'This is a query. Ask it at /api/kg/sparql.')
  }
  const insertions = groupings(text, tree)
  const source = (node: Parameters<typeof span>[0]) => slice(text, insertions, span(node))
  const contexts: ContextDefinition[] = []
  const changes: Change[] = []
  let characters = 0
  for (const { operation, context } of tree.updates) {
    contexts.push(...context)
    if (!operation) continue
    const prologue = contexts.map(source).join('\n')
    // Each operation is asked by itself, and so says every prefix again.
    if ((characters += prologue.length) > maxPrologues) throw tooManyOperations()
    changes.push({ prologue, ...confined(operation, new Scope(contexts, source, graphs)) })
  }
  return {
    steps: changes.map(asStep),
    text: changes.map((change) => asOperation(change, graphs)).join(' ;\n'),
  }
}

/** What names and places in the text mean where an operation stands. */
class Scope {
  readonly source: (node: Parameters<typeof span>[0]) => string
  readonly writable: string
  readonly #all: readonly string[]
  readonly #prefixes = new Map<string, string>()

  constructor(
    contexts: readonly ContextDefinition[],
    source: Scope['source'],
    { writable, all }: Graphs,
  ) {
    this.source = source
    this.writable = writable
    this.#all = all
    for (const one of contexts) {
      if (one.subType === 'prefix') this.#prefixes.set(one.key, one.value.value)
    }
  }

  nameOf(term: TermIri): string {
    const prefix = 'prefix' in term ? term.prefix : undefined
    return prefix === undefined ? term.value : (this.#prefixes.get(prefix) ?? '') + term.value
  }

  /** What is seen: all graphs by name, and as the default graph all of them, merged, or the writable one. */
  seen(onlyWritable = false): string[] {
    const merged = onlyWritable ? [this.writable] : this.#all
    return [...merged.map((name) => `<${name}>`), ...this.#all.map((name) => `NAMED <${name}>`)]
  }

  within(triples: string): string {
    return within(this.writable, triples)
  }

  refuse(name: string): never {
    throw refused(`The graph ${name} cannot be written.`, this.writable)
  }

  /** The triples of templates that are for the writable graph, without the name of the graph. */
  template(all: Quads[]): string {
    const parts = all.flatMap((quads) => {
      if (quads.type !== 'graph') return [quads]
      const { graph } = quads
      if (graph.subType !== 'namedNode') return this.refuse(`?${graph.value}`)
      if (this.nameOf(graph) !== this.writable) return this.refuse(this.nameOf(graph))
      return [quads.triples]
    })
    return parts
      .filter(({ triples }) => triples.length > 0)
      .map((triples) => this.source(triples).replace(/\.\s*$/, ''))
      .join(' .\n')
  }
}

function confined(operation: UpdateOperation, scope: Scope): Omit<Change, 'prologue'> {
  const unconditional = { remove: '', add: '', seen: [], where: '{}' }
  switch (operation.subType) {
    case 'insertdata':
      return { ...unconditional, add: scope.template(operation.data) }
    case 'deletedata':
      return { ...unconditional, remove: scope.template(operation.data) }
    case 'deletewhere': {
      const remove = scope.template(operation.data)
      return { remove, add: '', seen: scope.seen(), where: `{ ${scope.within(remove)} }` }
    }
    case 'modify':
      return modification(operation, scope)
    case 'clear':
    case 'drop': {
      const { destination } = operation
      const isWritable =
        destination.subType === 'default' ||
        (destination.subType === 'specific' && scope.nameOf(destination.graph) === scope.writable)
      if (isWritable) {
        const remove = '?s ?p ?o'
        return { remove, add: '', seen: scope.seen(), where: `{ ${scope.within(remove)} }` }
      }
    }
  }
  throw refused(`${operation.subType.toUpperCase()} is refused.`, scope.writable)
}

function modification(operation: UpdateOperationModify, scope: Scope): Omit<Change, 'prologue'> {
  const { graph, from, where } = operation
  if (graph && scope.nameOf(graph) !== scope.writable) scope.refuse(scope.nameOf(graph))
  const given = from.clauses.map(
    ({ clauseType, value }) => (clauseType === 'named' ? 'NAMED ' : '') + scope.source(value),
  )
  return {
    remove: scope.template(operation.delete),
    add: scope.template(operation.insert),
    seen: given.length > 0 ? given : scope.seen(graph !== undefined),
    where: scope.source(where),
  }
}

function asStep({ prologue, remove, add, seen, where }: Change): UpdateStep {
  const dataset = seen.map((graph) => `FROM ${graph}`).join(' ')
  const construct = (template: string) =>
    template === '' ? null : `${prologue}\nCONSTRUCT { ${template}\n} ${dataset} WHERE ${where}`
  return { remove: construct(remove), add: construct(add) }
}

/** An operation that takes nothing away and adds nothing still has to be one. */
function asOperation({ prologue, remove, add, seen, where }: Change, { writable }: Graphs): string {
  const inGraph = (triples: string) => within(writable, triples)
  const dataset = seen.map((graph) => `USING ${graph}`).join(' ')
  const isData = seen.length === 0
  if (isData && remove) return `${prologue}\nDELETE DATA { ${inGraph(remove)} }`
  if (isData) return `${prologue}\nINSERT DATA { ${inGraph(add)} }`
  return `${prologue}\nDELETE { ${inGraph(remove)} } INSERT { ${inGraph(add)} } ${dataset} WHERE ${where}`
}

function within(graph: string, triples: string): string {
  return triples === '' ? '' : `GRAPH <${graph}> { ${triples}\n}`
}

function tooManyOperations(): LookalikeError {
  return new LookalikeError(
    'query_refused',
    'The update has too many operations for so many prefixes. Send it in parts.',
  )
}

function refused(what: string, writable: string): LookalikeError {
  return new LookalikeError(
    'query_refused',
    `${what} An update may INSERT, DELETE and CLEAR in <${writable}>, which is also where statements ` +
      'without a graph go; files are sent to POST /api/kg/import.',
  )
}
