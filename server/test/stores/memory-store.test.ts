import { describeImageStore } from '../conformance/stores/image-store.ts'
import type { VectorRecord } from '../../src/records/record.ts'
import { memoryStore } from '../fakes/memory-store.ts'

// The reference that other tests use in a store's place is held to the contract like any driver.
describeImageStore('memory', async (library) => {
  const records = new Map<string, VectorRecord>()
  return { store: memoryStore(library, records), dispose: async () => records.clear() }
})
