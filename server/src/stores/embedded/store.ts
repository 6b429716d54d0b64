import { join } from 'node:path'
import { dot } from '../../vectors.ts'
import type { Filter } from '../filter.ts'
import type {
  Hit,
  ImageStore,
  Library,
  Metadata,
  VectorQuery,
  VectorRecord,
} from '../image-store.ts'
import { explainSqliteError, openDatabase, transaction } from './database.ts'
import { IndexKeeper } from './index-keeper.ts'
import { byScore, scanNearest, type Neighbour } from './nearest.ts'
import { Truth, type Versioned } from './truth.ts'
import { WriteQueue } from './write-queue.ts'

type Write = { put: VectorRecord[] } | { remove: string[] } | { id: string; metadata: Metadata }

/** Filters that leave fewer records than this are answered by comparing those, exactly. */
const scanBelow = 1000
/** How far past the wanted results the index is asked before the filter's records are scanned. */
const mostFromIndex = 5000

/**
 * The store that needs no server: SQLite holds the truth, zvec answers nearest-neighbour queries.
 *
 * @param dataDir gets `library.db` and `vectors/`
 * @throws LookalikeError `embedder_mismatch`, or `store_unavailable` when in use or damaged
 */
export async function openEmbeddedStore(dataDir: string, library: Library): Promise<ImageStore> {
  const database = openDatabase(join(dataDir, 'library.db'), library)
  const truth = new Truth(database)
  const keeper = new IndexKeeper(join(dataDir, 'vectors'), library.dimensions, truth)
  const queue = new WriteQueue<Write, number>(commit)
  let open = true

  /** Returns how many records each write touched. */
  function commit(writes: Write[]): number[] {
    const put = new Map<string, Versioned & { vector: Float32Array }>()
    const removed = new Set<string>()
    const touched = attempt(() =>
      transaction(database, () =>
        writes.map((write) => {
          if ('metadata' in write) return Number(truth.setMetadata(write.id, write.metadata))
          if ('remove' in write) {
            const gone = write.remove.filter((id) => truth.delete(id))
            for (const id of gone) {
              removed.add(id)
              put.delete(id)
            }
            return gone.length
          }
          for (const record of write.put) {
            put.set(record.id, { ...truth.put(record), vector: record.vector })
          }
          return write.put.length
        }),
      ),
    )
    keeper.apply(
      [...put.values()],
      [...removed].filter((id) => !put.has(id)),
    )
    return touched
  }

  async function nearest(query: VectorQuery): Promise<Neighbour[]> {
    const { vector, filter, scoreThreshold = -Infinity } = query
    const wanted = query.limit + (query.offset ?? 0)
    const scan = () =>
      scanNearest(truth, vector, wanted, { ...(filter && { filter }), scoreThreshold })
    const { size } = keeper.index
    const matching = filter ? truth.countUpTo(size, filter) : size
    if (!keeper.ready || size === 0 || (filter && matching < scanBelow)) return scan()

    let ask = Math.ceil((wanted * size * 1.5) / Math.max(1, matching)) + 10
    for (; ask <= mostFromIndex; ask *= 4) {
      const found = await keeper.index.nearest(vector, Math.min(ask, size))
      const neighbours = confirm(vector, found, filter)
      const reachedThreshold = (neighbours.at(-1)?.score ?? Infinity) < scoreThreshold
      if (neighbours.length >= wanted || found.length >= size || reachedThreshold) {
        return neighbours.filter(({ score }) => score >= scoreThreshold).slice(0, wanted)
      }
    }
    return scan()
  }

  /** What the index found, as the truth has it: those gone, changed or filtered out are left out. */
  function confirm(
    vector: Float32Array,
    found: Versioned[],
    filter: Filter | undefined,
  ): Neighbour[] {
    const versions = new Map(found.map(({ id, version }) => [id, version]))
    return truth
      .get([...versions.keys()], filter)
      .filter(({ record, version }) => versions.get(record.id) === version)
      .map(({ record }) => ({ id: record.id, score: dot(vector, record.vector) }))
      .sort(byScore)
  }

  function getWithVectors(ids: string[]): VectorRecord[] {
    const found = new Map(truth.get(ids).map(({ record }) => [record.id, record]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  return {
    async upsert(records) {
      if (records.length > 0) await queue.add({ put: records })
    },

    async search(query) {
      try {
        const neighbours = (await nearest(query)).slice(query.offset ?? 0)
        const scores = new Map(neighbours.map(({ id, score }) => [id, score]))
        return getWithVectors([...scores.keys()]).map((record): Hit => ({
          record: withoutVector(record),
          score: scores.get(record.id)!,
        }))
      } catch (error) {
        throw explainSqliteError(error)
      }
    },

    get: async (ids) => attempt(() => getWithVectors(ids).map(withoutVector)),
    getWithVectors: async (ids) => attempt(() => getWithVectors(ids)),
    findByContentHash: async (hashes) => attempt(() => truth.findByContentHash(hashes)),
    list: async (page) => attempt(() => truth.list(page)),
    facets: async (key, limit, filter) => attempt(() => truth.facets(key, limit, filter)),
    count: async (filter) => attempt(() => truth.count(filter)),
    setMetadata: async (id, metadata) => (await queue.add({ id, metadata })) > 0,
    delete: async (ids) => (ids.length > 0 ? queue.add({ remove: ids }) : 0),

    async health() {
      if (keeper.ready) return { status: 'ok', detail: 'The embedded store is in order.' }
      const percent = Math.floor(keeper.progress * 100)
      return {
        status: 'degraded',
        detail: `The vector index is being rebuilt (${percent} %); searches are exact and slower until then.`,
      }
    },

    async close() {
      if (!open) return
      open = false
      queue.flush()
      await keeper.close()
      database.close()
    },
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw explainSqliteError(error)
  }
}

function withoutVector({ vector: _, ...record }: VectorRecord) {
  return record
}
