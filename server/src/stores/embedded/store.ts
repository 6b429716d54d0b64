import './engine-threads.ts'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { explained, explainSqliteError } from '../../sqlite/errors.ts'
import { type Room, unbounded } from '../../data-dir/room.ts'
import { Snapshots } from '../../sqlite/snapshots.ts'
import { WriteAheadLog } from '../../sqlite/write-ahead-log.ts'
import { WriteQueue } from '../../sqlite/write-queue.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { batches } from '../batches.ts'
import type { ImageStore, Library } from '../image-store.ts'
import type { ImageRecord, Metadata, VectorRecord } from '../../records/record.ts'
import { FormerMove } from './former-move.ts'
import { encodedBytes } from './vector-index/encoding.ts'
import { IndexFolder } from './vector-index/index-folder.ts'
import { IndexKeeper } from './vector-index/index-keeper.ts'
import type { Quantization } from './settings.ts'
import { Search } from './search.ts'
import type { IndexEntry } from './truth/stored-vectors.ts'
import { libraryFile, openLibrary } from './truth/library-file.ts'
import { Truth } from './truth/truth.ts'

type Write = { put: VectorRecord[] } | { remove: string[] } | { id: string; metadata: Metadata }

/** Records that are written before others have their turn: some milliseconds. */
const writtenAtOnce = 25
/** The same of records that are read, with their vectors or without. */
const readAtOnce = 100

export interface EmbeddedOptions {
  /** How the index keeps vectors, and all it keeps of them; scores are of the truth. */
  readonly quantization?: Quantization
  /** From this many vectors on, a graph is built; fewer are compared one by one, exactly. */
  readonly graphFrom?: number
  readonly room?: Room
}

/** Candidates to score exactly per wanted result, for what rounding does to the order. */
const oversampling: Record<Quantization, number> = { none: 1, fp16: 2, int8: 2 }

/**
 * The store that needs no server: SQLite holds the truth, zvec answers nearest-neighbour queries.
 *
 * @param dataDir gets `library.db` and `vectors/`
 * @throws LookalikeError `embedder_mismatch`, or `store_unavailable` when in use or damaged
 */
export async function openEmbeddedStore(
  dataDir: string,
  library: Library,
  { quantization = 'int8', graphFrom = 10_000, room = unbounded }: EmbeddedOptions = {},
): Promise<ImageStore> {
  const { dimensions } = library
  const database = openLibrary(dataDir, library)
  const log = new WriteAheadLog(database, dataDir, libraryFile)
  const truth = new Truth(database, log)
  // A library may be opened while others are answered; its index takes as long again.
  await setImmediate()
  const folder = new IndexFolder(join(dataDir, 'vectors'), { dimensions, quantization })
  const move = new FormerMove(truth, room)
  const vectorBytes = encodedBytes(dimensions, quantization)
  const keeper = new IndexKeeper(folder, truth, { dimensions, graphFrom, room, vectorBytes })
  await keeper.begun
  const search = new Search(truth, keeper, oversampling[quantization])
  const snapshots = new Snapshots({
    database,
    folder: dataDir,
    name: libraryFile.name,
    claim: (bytes) => room.claim(bytes),
  })
  const queue = new WriteQueue<Write, number>(log, commit, { weigh, most: writtenAtOnce })
  let open = true

  /** Returns how many records each write touched. */
  function commit(writes: Write[]): number[] {
    const put = new Map<number, IndexEntry>()
    const removed: number[] = []
    const touched = attempt(() =>
      truth.commit(() =>
        writes.map((write) => {
          if ('metadata' in write) return Number(truth.setMetadata(write.id, write.metadata))
          if ('remove' in write) {
            const gone = write.remove.flatMap((id) => truth.delete(id) ?? [])
            for (const row of gone) put.delete(row)
            removed.push(...gone)
            return gone.length
          }
          for (const record of write.put) {
            const kept = { ...truth.put(record), vector: record.vector }
            put.set(kept.row, kept)
          }
          return write.put.length
        }),
      ),
    )
    keeper.apply([...put.values()], removed)
    return touched
  }

  function inOrder<R extends ImageRecord>(ids: string[], records: R[]): R[] {
    const found = new Map(records.map((record) => [record.id, record]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  const store: ImageStore = {
    async upsert(records) {
      room.assertRoom()
      await Promise.all(batches(records, writtenAtOnce).map((put) => queue.add({ put })))
    },

    async search(query) {
      return attemptAsync(() => search.nearest(query))
    },

    get: async (ids) => inOrder(ids, await inSlices(ids, (some) => truth.records.get(some))),
    getWithVectors: async (ids) =>
      inOrder(ids, await inSlices(ids, (some) => truth.records.getWithVectors(some))),
    findByContentHash: (hashes) =>
      inSlices(hashes, (some) => truth.records.findByContentHash(some)),
    sample: async (count) => attempt(() => truth.vectors.sample(count)),
    list: (page) => attemptAsync(() => truth.pages.list(page)),
    outline: (page) => attemptAsync(() => truth.pages.outline(page)),
    facets: (key, limit, filter) => attemptAsync(() => truth.facets.count({ key, limit, filter })),
    count: (filter) =>
      attemptAsync(async () =>
        filter ? (await truth.passing.passing(filter)).size : truth.count(),
      ),
    async setMetadata(id, metadata) {
      room.assertRoom()
      return (await queue.add({ id, metadata })) > 0
    },
    async delete(ids) {
      const adding = batches(ids, writtenAtOnce).map((remove) => queue.add({ remove }))
      return (await Promise.all(adding)).reduce((sum, gone) => sum + gone, 0)
    },

    async health() {
      const { ready, task } = keeper
      if (!ready) {
        const detail = `The vector index is ${task ?? 'being rebuilt'}; searches are exact and slower until then.`
        return { status: 'degraded', detail, busy: true }
      }
      const indexTask = task && `The embedded store answers from its index, which is ${task}.`
      return {
        status: 'ok',
        detail:
          [indexTask, move.task].filter(Boolean).join(' ') || 'The embedded store is in order.',
        busy: task !== null || move.task !== null,
      }
    },

    forAnswer: (notes) => ({
      search: (query) => attemptAsync(() => search.nearest(query, notes)),
      get: (ids) => store.get(ids),
      getWithVectors: (ids) => store.getWithVectors(ids),
      findByContentHash: (hashes) => store.findByContentHash(hashes),
      list: (page) => store.list(page),
      outline: (page) => store.outline(page),
    }),

    async snapshot() {
      await queue.drain()
      const images = truth.count()
      return attemptAsync(async () => ({ ...(await snapshots.take()), images }))
    },

    atRest: () => keeper.atRest(),

    async close() {
      if (!open) return
      open = false
      await queue.drain()
      await snapshots.close()
      await move.close()
      await keeper.close()
      await log.close()
    },
  }
  return store
}

/** What few are asked for is read at once. */
async function inSlices<R>(keys: string[], read: (some: string[]) => R[]): Promise<R[]> {
  const found: R[] = []
  for (const [index, some] of batches(keys, readAtOnce).entries()) {
    if (index > 0) await yieldToOthers()
    found.push(...attempt(() => read(some)))
  }
  return found
}

function weigh(write: Write): number {
  if ('put' in write) return write.put.length
  return 'remove' in write ? write.remove.length : 1
}

const attempt = <T>(work: () => T) => explained(libraryFile, work)

async function attemptAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explainSqliteError(error, libraryFile)
  }
}
