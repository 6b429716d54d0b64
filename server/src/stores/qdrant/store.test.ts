import { afterEach, expect } from 'vitest'
import { FakeQdrant } from '../../../test/fakes/qdrant.ts'
import { describeImageStore } from '../contract.ts'
import { openQdrantStore } from './store.ts'

let opened: FakeQdrant | null = null

describeImageStore('qdrant over the fake', async (library) => {
  const qdrant = await new FakeQdrant().start()
  opened = qdrant
  const options = { url: qdrant.url, collection: 'images' }
  return {
    store: await openQdrantStore(options, library),
    reopen: (other) => openQdrantStore(options, other),
    dispose: () => qdrant.stop(),
  }
})

afterEach(() => expect(opened?.violations).toEqual([]))
