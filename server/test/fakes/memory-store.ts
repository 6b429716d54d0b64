import { LookalikeError } from '../../src/errors.ts'
import { countFacets } from './count-facets.ts'
import { type Filter, filterDocument } from '../../src/records/filter.ts'
import type { ImageStore, Library } from '../../src/stores/image-store.ts'
import type { ImageRecord, VectorRecord } from '../../src/records/record.ts'
import { matcher } from '../../src/records/matches.ts'
import { cosine } from '../../src/records/vectors.ts'

/** The contract at its plainest: a map, and a look at every record for each question. */
export function memoryStore(
  library: Library,
  records: Map<string, VectorRecord> = new Map(),
): ImageStore {
  const selected = (filter: Filter = {}) => {
    const allowed = matcher(filter)
    return [...records.values()].filter((record) => allowed(filterDocument(record)))
  }
  const found = (ids: string[]) => ids.flatMap((id) => records.get(id) ?? [])
  const store: ImageStore = {
    async upsert(all) {
      for (const record of all) {
        if (record.vector.length !== library.dimensions) throw new Error('wrong dimensions')
        records.set(record.id, structuredClone(record))
      }
    },
    async search({ vector, limit, offset = 0, scoreThreshold = -1, filter }) {
      return selected(filter)
        .map((record) => ({ record: bare(record), score: cosine(record.vector, vector) }))
        .filter(({ score }) => score >= scoreThreshold)
        .sort((a, b) => b.score - a.score)
        .slice(offset, offset + limit)
    },
    async get(ids) {
      return found(ids).map(bare)
    },
    async getWithVectors(ids) {
      return structuredClone(found(ids))
    },
    async findByContentHash(hashes) {
      return selected({ must: [{ key: 'lookalike.sha256', match: { any: hashes } }] }).map(bare)
    },
    async sample(count) {
      const shuffled = [...records.values()].map((record) => ({ record, at: Math.random() }))
      shuffled.sort((a, b) => a.at - b.at)
      return shuffled.slice(0, count).map(({ record }) => structuredClone(record.vector))
    },
    async list({ filter, limit, cursor = '', order }) {
      if (cursor !== '' && !/^[0-9a-f-]{36}$/.test(cursor)) {
        throw new LookalikeError('invalid_parameter', 'This is no cursor.')
      }
      const place = ({ id, indexedAt }: ImageRecord) => {
        const time = indexedAt === null ? Infinity : Date.parse(indexedAt)
        if (!order) return `${id}`
        const key = order === 'newest' && indexedAt !== null ? 1e15 - time : Math.min(time, 1e16)
        return `${String(key).padStart(20, '0')}${id}`
      }
      const after = cursor === '' ? '' : place(records.get(cursor)!)
      const rest = selected(filter)
        .filter((record) => place(record) > after)
        .sort((a, b) => (place(a) < place(b) ? -1 : 1))
      const page = rest.slice(0, limit)
      return {
        records: page.map(bare),
        nextCursor: rest.length > limit ? page.at(-1)!.id : null,
      }
    },
    async outline(page) {
      const { records: all, nextCursor } = await this.list(page)
      return { outlines: all.map(({ id, file }) => ({ id, file })), nextCursor }
    },
    async facets(key, limit, filter) {
      return countFacets(selected(filter).map(filterDocument), key, limit)
    },
    async count(filter) {
      return selected(filter).length
    },
    async setMetadata(id, metadata) {
      const record = records.get(id)
      if (record) records.set(id, { ...record, metadata: structuredClone(metadata) })
      return record !== undefined
    },
    async delete(ids) {
      return ids.filter((id) => records.delete(id)).length
    },
    forAnswer: (notes) => ({
      search: (query) => {
        notes.engine = 'exact'
        return store.search(query)
      },
      get: (ids) => store.get(ids),
      getWithVectors: (ids) => store.getWithVectors(ids),
      findByContentHash: (hashes) => store.findByContentHash(hashes),
      list: (page) => store.list(page),
      outline: (page) => store.outline(page),
    }),
    async health() {
      return { status: 'ok', detail: `${records.size} images in memory.` }
    },
    async close() {},
  }
  return store
}

function bare(record: VectorRecord): ImageRecord {
  const { vector: _vector, ...rest } = record
  return structuredClone(rest)
}
