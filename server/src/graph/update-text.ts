import sparqljs, {
  type ClearDropOperation,
  type InsertDeleteOperation,
  type IriTerm,
  type Pattern,
  type Quads,
  type Triple,
  type Update,
  type VariableTerm,
} from 'sparqljs'
import { LookalikeError } from '../errors.ts'
import { parse, refuseService } from './query-text.ts'
import { libraryGraph, peopleGraph } from './vocabulary.ts'

/** One operation of an update, as CONSTRUCT queries for what it takes away and what it then adds. */
export interface UpdateStep {
  readonly remove: string | null
  readonly add: string | null
}

const people = { termType: 'NamedNode', value: peopleGraph } as IriTerm
const both = [{ termType: 'NamedNode', value: libraryGraph } as IriTerm, people]

/**
 * Reads SPARQL 1.1 Update text as changes of the people's graph: what names no graph is meant for it,
 * any other is refused. WHERE sees both graphs.
 *
 * @throws LookalikeError `invalid_query`, or `query_refused` for LOAD, SERVICE and other graphs
 */
export function readUpdate(text: string): Change[] {
  const update = parse(text)
  if (update.type !== 'update') {
    throw new LookalikeError('invalid_query', 'This is a query. Ask it at /api/kg/sparql.')
  }
  refuseService(update)
  return update.updates.map(confine)
}

/** Every operation comes down to this one: what goes and what comes, for each match of a pattern. */
type Change = Extract<InsertDeleteOperation, { updateType: 'insertdelete' }>
type Operation = Update['updates'][number]

function confine(operation: Operation): Change {
  if ('type' in operation) {
    if (isPeopleCleared(operation)) return clearPeople
    throw refused(`${operation.type.toUpperCase()} is refused.`)
  }
  const change = {
    updateType: 'insertdelete',
    insert: 'insert' in operation ? inPeopleGraph(operation.insert) : [],
    delete: 'delete' in operation ? inPeopleGraph(operation.delete) : [],
    where: [],
  } as const
  if (operation.updateType === 'deletewhere') {
    return { ...change, where: change.delete.map(asPattern) }
  }
  if (operation.updateType !== 'insertdelete') return { ...change, where: [] }
  const { where, using, graph } = operation
  if (graph && graph.value !== peopleGraph) throw otherGraph(graph.value)
  const seen = using ?? { default: graph ? [people] : both, named: both }
  return { ...change, where, using: seen }
}

const anything: Quads = { type: 'graph', name: people, triples: [tripleOf('s', 'p', 'o')] }
const clearPeople: Change = {
  updateType: 'insertdelete',
  insert: [],
  delete: [anything],
  where: [asPattern(anything)],
}

function isPeopleCleared(operation: Operation): boolean {
  if (!('type' in operation) || (operation.type !== 'clear' && operation.type !== 'drop')) {
    return false
  }
  const { graph } = operation as ClearDropOperation
  return graph.default === true || (graph.name as IriTerm | undefined)?.value === peopleGraph
}

function inPeopleGraph(all: Quads[] = []): Quads[] {
  const triples = all.flatMap((quads) => {
    if (quads.type === 'graph') {
      const { value, termType } = quads.name as { value: string; termType: string }
      if (termType !== 'NamedNode' || value !== peopleGraph) throw otherGraph(value)
    }
    return quads.triples
  })
  return triples.length > 0 ? [{ type: 'graph', name: people, triples }] : []
}

/** The changes as text for another engine. */
export function updateText(updates: Change[]): string {
  return new sparqljs.Generator().stringify({ type: 'update', prefixes: {}, updates })
}

/** The changes as queries, for an engine whose truth lies elsewhere. */
export function updateSteps(changes: Change[]): UpdateStep[] {
  return changes.map((change) => ({
    remove: construct(change.delete, change),
    add: construct(change.insert, change),
  }))
}

function construct(quads: Quads[], { where, using }: Change): string | null {
  const template = quads.flatMap(({ triples }) => triples)
  if (template.length === 0) return null
  return new sparqljs.Generator().stringify({
    type: 'query',
    queryType: 'CONSTRUCT',
    prefixes: {},
    template,
    where,
    ...(using && { from: using }),
  })
}

/** Templates name triples where patterns nest them. */
function asPattern({ triples }: Quads): Pattern {
  return { type: 'graph', name: people, patterns: [{ type: 'bgp', triples }] }
}

function tripleOf(...names: [string, string, string]): Triple {
  const [subject, predicate, object] = names.map(
    (value) => ({ termType: 'Variable', value }) as VariableTerm,
  )
  return { subject: subject!, predicate: predicate!, object: object! }
}

function otherGraph(name: string): LookalikeError {
  return refused(`The graph ${name} cannot be written.`)
}

function refused(what: string): LookalikeError {
  return new LookalikeError(
    'query_refused',
    `${what} An update may INSERT, DELETE and CLEAR in <${peopleGraph}>, which is also where statements ` +
      'without a graph go; files are sent to POST /api/kg/import.',
  )
}
