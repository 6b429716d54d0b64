import { bulkhead, isBulkheadRejectedError } from 'cockatiel'
import { LookalikeError } from '../../errors.ts'
import type { Health } from '../../stores/image-store.ts'
import { embeddingIri } from '../subjects.ts'
import { Engine } from '../engine.ts'
import type { EngineLimits } from '../engine-tasks.ts'
import { datasetFormats, type GraphFormat } from '../formats.ts'
import {
  type Dataset,
  type ImageDocument,
  type KnowledgeGraph,
  maxAnswerBytes,
  tooLarge,
} from '../knowledge-graph.ts'
import { readQuery, readUpdate } from '../../sparql-text/reader.ts'
import { iri, literal } from '../terms.ts'
import { graphs, libraryGraph, namespaces, peopleGraph } from '../vocabulary.ts'
import { ask, type EndpointOptions } from './endpoint.ts'

const library = iri(libraryGraph)
const people = iri(peopleGraph)
const idProperty = iri(`${namespaces.look}id`)
const revisionProperty = iri(`${namespaces.look}revision`)
const both: Dataset = {
  defaultGraphs: [libraryGraph, peopleGraph],
  namedGraphs: [libraryGraph, peopleGraph],
}
/** What Lookalike itself asks may be as long as its library is large. */
const maxOwnBytes = 1e9

/** The graph in any server that speaks SPARQL 1.1, such as Fuseki, GraphDB, Oxigraph or Virtuoso. */
export default function openSparqlGraph(options: EndpointOptions & EngineLimits): KnowledgeGraph {
  async function query(text: string, accept: string, rest: QueryRest = {}): Promise<string> {
    const { dataset = both, maxBytes = maxOwnBytes, signal } = rest
    const graphs: [string, string][] = [
      ...dataset.defaultGraphs.map((name) => ['default-graph-uri', name] as [string, string]),
      ...dataset.namedGraphs.map((name) => ['named-graph-uri', name] as [string, string]),
    ]
    const answer = await ask(options, { to: 'endpoint', text, accept, graphs, maxBytes, signal })
    if (answer === null) throw tooLarge(maxBytes)
    return answer
  }

  async function update(text: string): Promise<void> {
    await ask(options, { to: 'updateEndpoint', text, accept: '*/*', maxBytes: maxAnswerBytes })
  }

  async function idList(): Promise<string[]> {
    const text = `SELECT ?id { GRAPH ${library} { ?image ${idProperty} ?id } }`
    const answer = await query(text, 'text/csv')
    return answer.split(/\r?\n/).slice(1).filter(Boolean)
  }

  return {
    enabled: true,

    async put(documents, revision) {
      if (documents.length > 0) await update(replacement(documents) + leaving(revision))
    },

    async remove(ids, revision) {
      if (ids.length > 0) await update(removal(ids) + leaving(revision))
    },

    async revision() {
      const text = `SELECT ?r { GRAPH ${library} { ${library} ${revisionProperty} ?r } }`
      const answer = await query(text, 'application/sparql-results+json')
      const { results } = JSON.parse(answer) as {
        results: { bindings: { r: { value: string } }[] }
      }
      return results.bindings[0]?.r.value ?? null
    },

    imageIds: idList,
    async imageCount() {
      const ids = `GRAPH ${library} { ?image ${idProperty} ?id }`
      const answer = await query(`SELECT (COUNT(DISTINCT ?id) AS ?n) { ${ids} }`, 'text/csv')
      return Number(answer.split(/\r?\n/)[1])
    },

    async query({ text: given, format, dataset, maxBytes = maxAnswerBytes }, signal) {
      const { text, hasDataset } = await readQuery(given)
      const none = { defaultGraphs: [], namedGraphs: [] }
      return query(text, format, {
        dataset: dataset ?? (hasDataset ? none : both),
        maxBytes,
        signal,
      })
    },

    async update(given) {
      const { steps, text } = await readUpdate(given, graphs)
      if (steps.length > 0) await update(text)
    },

    async add(document, format) {
      const statements = await withEngine(options, (engine) =>
        engine.run({ do: 'add', document, format }),
      )
      if (statements.length === 0) return 0
      await update(`INSERT DATA { GRAPH ${people} { ${statements.join('\n')} } }`)
      return statements.length
    },

    async export(format) {
      const everything = 'CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }'
      if (!(datasetFormats as readonly GraphFormat[]).includes(format))
        return query(everything, format)
      const [ours, theirs] = await Promise.all(
        [libraryGraph, peopleGraph].map((name) =>
          query(everything, 'application/n-triples', {
            dataset: { defaultGraphs: [name], namedGraphs: [] },
          }),
        ),
      )
      return withEngine(options, async (engine) => {
        await engine.run({ do: 'load', graph: 'library', statements: [ours!] })
        await engine.run({ do: 'load', graph: 'people', statements: [theirs!] })
        return engine.run({ do: 'dump', format })
      })
    },

    async health(): Promise<Health> {
      try {
        await query('ASK {}', 'application/sparql-results+json')
        return { status: 'ok', detail: 'The graph endpoint answers.' }
      } catch (error) {
        return { status: 'unavailable', detail: (error as Error).message }
      }
    },

    close: async () => {},
  }
}

interface QueryRest {
  dataset?: Dataset
  maxBytes?: number
  signal?: AbortSignal | undefined
}

/** Statements are N-Triples, which SPARQL reads as it is; ids are literals: nothing is pasted. */
function replacement(documents: ImageDocument[]): string {
  const statements = documents.flatMap((document) => document.statements).join('\n')
  const ids = documents.map(({ id }) => id)
  return `${removal(ids)}; INSERT DATA { GRAPH ${library} { ${statements} } }`
}

/** More operations of an update: the graph then has that revision and no other. */
function leaving(revision: string | undefined): string {
  if (revision === undefined) return ''
  const about = `${library} ${revisionProperty}`
  return (
    `; DELETE WHERE { GRAPH ${library} { ${about} ?r } }` +
    `; INSERT DATA { GRAPH ${library} { ${about} ${literal(revision)} } }`
  )
}

function removal(ids: string[]): string {
  const values = ids.map((id) => literal(id)).join(' ')
  const embeddings = ids.map((id) => iri(embeddingIri(id))).join(' ')
  return (
    `DELETE { GRAPH ${library} { ?s ?p ?o } } WHERE { GRAPH ${library} { ` +
    `{ VALUES ?id { ${values} } ?s ${idProperty} ?id ; ?p ?o } UNION ` +
    `{ VALUES ?s { ${embeddings} } ?s ?p ?o } } }`
  )
}

/** One document at a time is read or written, and so many may wait. */
const formatting = bulkhead(1, 10)

/** Formats are read and written by an engine that lives only so long. */
async function withEngine<T>(
  options: EngineLimits,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  try {
    return await formatting.execute(async () => {
      const engine = new Engine(() => [], options)
      return work(engine).finally(() => engine.close())
    })
  } catch (error) {
    if (error instanceof LookalikeError) throw error
    const cause = error as Error
    if (isBulkheadRejectedError(cause)) {
      const message = 'More documents wait to be read or written than can be soon. Try again later.'
      throw new LookalikeError('graph_unavailable', message, { retryAfter: 5, cause })
    }
    const message = `The document cannot be read: ${cause.message}.`
    throw new LookalikeError('invalid_query', message, { cause })
  }
}
