import { LookalikeError } from '../../errors.ts'
import { type Room, unbounded } from '../../data-dir/room.ts'
import { openDatabase } from '../../sqlite/open.ts'
import { explainSqliteError } from '../../sqlite/errors.ts'
import { WriteAheadLog } from '../../sqlite/write-ahead-log.ts'
import { Snapshots } from '../../sqlite/snapshots.ts'
import { Engine } from '../engine.ts'
import type { EngineLimits, StatementChange } from '../engine-tasks.ts'
import { datasetFormats, type GraphFormat } from '../formats.ts'
import {
  type KnowledgeGraph,
  maxAnswerBytes,
  maxChanges,
  tooLarge,
  tooManyChanges,
} from '../knowledge-graph.ts'
import { readQuery, readUpdate } from '../../sparql-text/reader.ts'
import { graphs, libraryGraph, peopleGraph } from '../vocabulary.ts'
import { graphFile, Truth } from './truth.ts'

export interface EmbeddedGraphOptions extends EngineLimits {
  /** Gets `graph.db`. */
  readonly dataDir: string
  readonly room?: Room
}

const everything = [libraryGraph, peopleGraph]

/**
 * The graph that needs no server: SQLite holds the statements, Oxigraph answers.
 *
 * @throws LookalikeError `store_unavailable` when `graph.db` is in use or damaged
 */
export default function openEmbeddedGraph(options: EmbeddedGraphOptions): KnowledgeGraph {
  const database = openDatabase(options.dataDir, graphFile)
  const log = new WriteAheadLog(database, options.dataDir, graphFile)
  const truth = new Truth(database, log)
  const engine = new Engine(() => truth.tasks(), options)
  const { room = unbounded } = options
  const snapshots = new Snapshots({
    database,
    folder: options.dataDir,
    name: graphFile.name,
    claim: (bytes) => room.claim(bytes),
  })
  let open = true

  /** Makes durable what the engine has done already; an engine ahead of the truth is restarted. */
  async function keep(changes: StatementChange[]): Promise<void> {
    try {
      await truth.changePeople(changes)
    } catch (error) {
      engine.stop()
      throw explainSqliteError(error, graphFile)
    }
  }

  async function written(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      throw explainSqliteError(error, graphFile)
    }
  }

  return {
    enabled: true,

    async put(documents, revision) {
      if (documents.length === 0) return
      await written(truth.put(documents, revision))
      const statements = documents.flatMap((document) => document.statements)
      engine.follow({ do: 'put', ids: documents.map(({ id }) => id), statements })
    },

    async remove(ids, revision) {
      if (ids.length === 0) return
      await written(truth.remove(ids, revision))
      engine.follow({ do: 'remove', ids })
    },

    revision: async () => truth.revision(),
    imageCount: async () => truth.imageCount(),
    imageIds: async () => truth.imageIds(),

    async query({ text: given, format, dataset, maxBytes = maxAnswerBytes }, signal) {
      const { text, hasDataset } = await readQuery(given)
      const fallback = hasDataset ? undefined : everything
      const answer = await engine
        .run(
          {
            do: 'query',
            text,
            format,
            defaultGraphs: dataset?.defaultGraphs ?? fallback,
            namedGraphs: dataset?.namedGraphs ?? fallback,
            maxBytes,
          },
          signal,
        )
        .catch(refusal)
      if (answer === null) throw tooLarge(maxBytes)
      return answer
    },

    async update(text) {
      const { steps } = await readUpdate(text, graphs)
      // What only deletes is let through: it makes room.
      if (/\b(insert|load|create|copy|add|move)\b/i.test(text)) room.assertRoom(text.length)
      const changes = await engine.run({ do: 'update', steps, maxChanges }).catch(refusal)
      if (changes === null) throw tooManyChanges()
      await keep(changes)
    },

    async add(document, format) {
      room.assertRoom(document.length)
      const statements = await engine.run({ do: 'add', document, format }).catch(refusal)
      await keep(statements.map((statement) => ({ change: 'add', statement })))
      return statements.length
    },

    async export(format) {
      if ((datasetFormats as readonly GraphFormat[]).includes(format)) {
        return engine.run({ do: 'dump', format })
      }
      const answer = await engine.run({
        do: 'query',
        text: 'CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }',
        format,
        defaultGraphs: everything,
        namedGraphs: [],
        maxBytes: Infinity,
      })
      return answer!
    },

    async snapshot() {
      try {
        return { images: truth.imageCount(), ...(await snapshots.take()) }
      } catch (error) {
        throw explainSqliteError(error, graphFile)
      }
    },

    backlog: () => engine.backlog(),

    async health() {
      const detail = `${truth.imageCount()} images are described in graph.db.`
      if (engine.skipped === 0) return { status: 'ok', detail }
      const skipped = `${engine.skipped} statements in it are not valid RDF and are left out of answers.`
      return { status: 'degraded', detail: `${detail} ${skipped}` }
    },

    async close() {
      if (!open) return
      open = false
      await snapshots.close()
      engine.close()
      await log.close()
    },
  }
}

/** What the engine says about a text it does not take is for the one who wrote it. */
function refusal(error: unknown): never {
  if (error instanceof LookalikeError) throw error
  throw new LookalikeError('invalid_query', `The graph engine says: ${(error as Error).message}.`, {
    cause: error,
  })
}
