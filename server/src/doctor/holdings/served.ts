import type { ImageStore, Library } from '../../stores/image-store.ts'
import { pagesOf } from '../../stores/pages.ts'
import type { Holdings } from './holdings.ts'

const pageSize = 500
const hashesAtOnce = 100

/** The records of a store that other processes use as well, through its contract. */
export function servedHoldings(store: ImageStore, library: Library): Holdings {
  return {
    library,
    async *pages() {
      for await (const page of pagesOf(store, { limit: pageSize })) yield page.records
    },
    findByContentHash: (hashes) => store.findByContentHash(hashes),
    async correctFiles(corrections) {
      const hashes = [...corrections.keys()]
      for (let at = 0; at < hashes.length; at += hashesAtOnce) {
        const records = await store.findByContentHash(hashes.slice(at, at + hashesAtOnce))
        const found = await store.getWithVectors(records.map(({ id }) => id))
        await store.upsert(
          found.map((record) => {
            const { missing: _, ...kept } = record.file!
            const { bytes, missing } = corrections.get(kept.sha256)!
            return { ...record, file: { ...kept, bytes, ...(missing && { missing }) } }
          }),
        )
      }
    },
    put: (records) => store.upsert(records),
  }
}
