import { parentPort, workerData } from 'node:worker_threads'
import type { Quad, Store as StoreType } from 'oxigraph'
import { limitWebAssemblyMemory } from './engine-memory.ts'
import type {
  EngineLimits,
  EngineReply,
  EngineRequest,
  EngineTask,
  StatementChange,
} from './engine-tasks.ts'
import { embeddingIri } from './subjects.ts'
import { genid, libraryGraph, namespaces, peopleGraph } from './vocabulary.ts'

limitWebAssemblyMemory((workerData as EngineLimits).memoryBytes)
const { default: oxigraph } = await import('oxigraph')
const { literal, namedNode, parse, quad, Store } = oxigraph
const library = namedNode(libraryGraph)
const people = namedNode(peopleGraph)
const idProperty = namedNode(`${namespaces.look}id`)

const store: StoreType = new Store()
/** Statements that came and that went since this thread began, about. */
let came = 0
let went = 0
/** Oxigraph's store in memory keeps what was deleted, 5 kB a statement: fewer than these are not worth a new thread. */
const minStale = 10_000

parentPort!.on('message', ({ number, task }: EngineRequest) => {
  parentPort!.postMessage(answer(number, task))
})

function answer(number: number, task: EngineTask): EngineReply {
  try {
    const result = perform(task)
    return { number, result, isStale: went > Math.max(minStale, came - went) }
  } catch (error) {
    // A trap, or a stack that ended, leaves the engine in any state at all; everything else is a plain refusal.
    const fatal = isFatal(error)
    return { number, error: error instanceof Error ? error.message : String(error), fatal }
  }
}

function perform(task: EngineTask): unknown {
  switch (task.do) {
    case 'load':
      return load(task.statements, task.graph === 'library' ? library : people)
    case 'put':
      task.ids.forEach(forget)
      return load(task.statements, library)
    case 'remove':
      return task.ids.forEach(forget)
    case 'query':
      return query(task)
    case 'update':
      return update(task)
    case 'add':
      return add(task)
    case 'dump':
      return store.dump({ format: task.format })
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError
}

/** @returns how many of the statements the engine does not take: those are left out, and no others */
function load(statements: string[], graph: typeof library): number {
  try {
    insert(statements.join('\n'), graph)
    return 0
  } catch (error) {
    if (isFatal(error)) throw error
    return statements.filter((statement) => !isInserted(statement, graph)).length
  }
}

function insert(statements: string, graph: typeof library): void {
  const format = 'application/n-triples'
  store.load(statements, { format, to_graph_name: graph, no_transaction: true })
  came += statements.split('\n').length
}

function isInserted(statement: string, graph: typeof library): boolean {
  try {
    insert(statement, graph)
    return true
  } catch (error) {
    if (isFatal(error)) throw error
    return false
  }
}

/** Takes away what the library says of an image, and of its embedding. */
function forget(id: string): void {
  const images = store.match(null, idProperty, literal(id), library).map(({ subject }) => subject)
  for (const subject of [...images, namedNode(embeddingIri(id))]) {
    for (const known of store.match(subject, null, null, library)) remove(known)
  }
}

function remove(statement: Quad): void {
  store.delete(statement)
  went++
}

function query({
  text,
  format,
  defaultGraphs,
  namedGraphs,
  maxBytes,
}: EngineTask & { do: 'query' }) {
  const answer = store.query(text, {
    results_format: format,
    ...(defaultGraphs && { default_graph: defaultGraphs.map(namedNode) }),
    ...(namedGraphs && { named_graphs: namedGraphs.map(namedNode) }),
  }) as string
  // Characters are at most bytes, so a text past the limit need not be measured.
  if (answer.length > maxBytes || Buffer.byteLength(answer) > maxBytes) return null
  return answer
}

/** Applies the steps in turn; when one fails, those before it are undone. */
function update({ steps, maxChanges }: EngineTask & { do: 'update' }): StatementChange[] | null {
  const changes: StatementChange[] = []
  try {
    for (const step of steps) {
      const removed = step.remove ? construct(step.remove) : []
      const added = step.add ? named(construct(step.add)) : []
      if (changes.length + removed.length + added.length > maxChanges) {
        undo(changes)
        return null
      }
      changes.push(...apply(removed, 'remove'), ...apply(added, 'add'))
    }
    return changes
  } catch (error) {
    undo(changes)
    throw error
  }
}

function construct(text: string): Quad[] {
  return store.query(text) as Quad[]
}

function apply(triples: Quad[], change: 'add' | 'remove'): StatementChange[] {
  return triples.flatMap(({ subject, predicate, object }) => {
    const stated = quad(subject, predicate, object, people)
    if (store.has(stated) === (change === 'add')) return []
    if (change === 'add') store.add(stated)
    else remove(stated)
    return [{ change, statement: `${quad(subject, predicate, object).toString()} .` }]
  })
}

function undo(changes: StatementChange[]): void {
  for (const { change, statement } of changes.toReversed()) {
    const [triple] = parse(statement, { format: 'application/n-triples' }) as Quad[]
    const stated = quad(triple!.subject, triple!.predicate, triple!.object, people)
    if (change === 'add') remove(stated)
    else store.add(stated)
  }
}

/**
 * Reads a document and adds what it says. In N-Triples a blank node can only begin or end a line, and
 * the engine has given each a label that is random: that label becomes its name.
 */
function add({ document, format }: EngineTask & { do: 'add' }): string[] {
  const read = new Store()
  read.load(document, { format, no_transaction: true })
  const text = read.query('CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }', {
    results_format: 'application/n-triples',
    use_default_graph_as_union: true,
  }) as string
  const statements = text
    .split('\n')
    .filter(Boolean)
    .map((line) =>
      line.replace(/^_:(\S+)/, `<${genid}$1>`).replace(/ _:(\S+) \.$/, ` <${genid}$1> .`),
    )
  insert(statements.join('\n'), people)
  return statements
}

/** Every blank node becomes a name of its own, the same one throughout these statements. */
function named(triples: Quad[]): Quad[] {
  const names = new Map<string, string>()
  const nameOf = (term: Quad['subject']) => {
    if (term.termType !== 'BlankNode') return term
    const name = names.get(term.value) ?? genid + crypto.randomUUID()
    names.set(term.value, name)
    return namedNode(name)
  }
  return triples.map(({ subject, predicate, object }) =>
    quad(nameOf(subject), predicate, nameOf(object as Quad['subject'])),
  )
}
