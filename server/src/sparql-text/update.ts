import type {
  ContextDefinition,
  UpdateOperation,
  UpdateOperationModify,
} from '@traqula/rules-sparql-1-1'
import { LookalikeError } from '../errors.ts'
import { groupings, slice, span } from './edits.ts'
import { refused, Scope, within, type Graphs } from './scope.ts'
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
  const scope = new Scope(source, graphs)
  const declared: ContextDefinition[] = []
  const prologue: string[] = []
  const changes: Change[] = []
  let characters = 0
  for (const { operation, context } of tree.updates) {
    scope.declare(context)
    declared.push(...context)
    prologue.push(...context.map(source))
    if (!operation) continue
    const change = { prologue: prologue.join('\n'), ...confined(operation, scope) }
    // Each operation is asked by itself, and so says every prefix again.
    if ((characters += change.prologue.length) > maxPrologues) throw tooManyOperations()
    changes.push(change)
  }
  const operations = changes.map((change) => asOperation(change, graphs))
  // Not every engine reads a prologue after the first operation, where the grammar has one too.
  const whole = isUnambiguous(declared)
    ? `${prologue.join('\n')}\n${operations.join(' ;\n')}`
    : changes.map((change, n) => `${change.prologue}\n${operations[n]}`).join(' ;\n')
  return { steps: changes.map(asStep), text: whole }
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

/** Whether all that is declared, before whichever operation, can stand before the first. */
function isUnambiguous(declared: readonly ContextDefinition[]): boolean {
  const prefixes = new Map<string, string>()
  return declared.every((one, n) => {
    if (one.subType !== 'prefix') return n === 0
    const known = prefixes.get(one.key) ?? one.value.value
    prefixes.set(one.key, known)
    return known === one.value.value
  })
}

/** An operation that takes nothing away and adds nothing still has to be one. */
function asOperation({ remove, add, seen, where }: Change, { writable }: Graphs): string {
  const inGraph = (triples: string) => within(writable, triples)
  const dataset = seen.map((graph) => `USING ${graph}`).join(' ')
  const isData = seen.length === 0
  if (isData && remove) return `DELETE DATA { ${inGraph(remove)} }`
  if (isData) return `INSERT DATA { ${inGraph(add)} }`
  return `DELETE { ${inGraph(remove)} } INSERT { ${inGraph(add)} } ${dataset} WHERE ${where}`
}

function tooManyOperations(): LookalikeError {
  return new LookalikeError(
    'query_refused',
    'The update has too many operations for so many prefixes. Send it in parts.',
  )
}
