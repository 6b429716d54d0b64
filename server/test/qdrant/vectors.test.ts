import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ImageStore } from '../../src/stores/image-store.ts'
import openGenerations from '../../src/stores/qdrant/index.ts'
import type { QdrantStoreOptions } from '../../src/stores/qdrant/options.ts'
import { openQdrantStore } from '../../src/stores/qdrant/store.ts'
import { leaning, library, record } from '../conformance/stores/fixtures.ts'
import { describeImageStore } from '../conformance/stores/image-store.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'

const fitting = { size: 8, distance: 'Cosine' }
const vectorName = 'image'
/** As programs make them that fill Qdrant with more than one thing: a text beside it, and a sparse one. */
const mixed = {
  vectors: { image: fitting, text: { size: 3, distance: 'Dot' } },
  sparse_vectors: { words: {} },
}

describe('named by QDRANT_VECTOR_NAME', () => {
  describeImageStore('qdrant', async (forLibrary) => {
    const fake = await new FakeQdrant().start()
    const options = { url: fake.url, collection: 'images', vectorName }
    return {
      store: await openQdrantStore(options, forLibrary),
      reopen: (other) => openQdrantStore(options, other),
      async dispose() {
        await fake.stop()
        expect(fake.violations).toEqual([])
      },
    }
  })
})

let qdrant: FakeQdrant
beforeEach(async () => {
  qdrant = await new FakeQdrant().start()
})
afterEach(async () => {
  await qdrant.stop()
  expect(qdrant.violations).toEqual([])
})

const open = (options: Partial<QdrantStoreOptions> = {}): Promise<ImageStore> =>
  openQdrantStore({ url: qdrant.url, collection: 'images', ...options }, library)
const images = () => qdrant.engine.collection('images')

describe('beside other vectors', () => {
  const theirs = {
    id: record('fox').id,
    vector: { image: [...leaning(1, 0)], text: [1, 2, 2], words: { indices: [1], values: [1] } },
    payload: { image_uri: record('fox').imageUri, type: 'theirs' },
  }
  const others = () => {
    const vectors = new Map(images().points.get(theirs.id)!.vectors)
    vectors.delete('image')
    return vectors
  }

  beforeEach(() => {
    qdrant.engine.create('images', mixed)
    images().upsert({ points: [theirs] })
  })

  test('the one that fits is found by itself, and the others are never touched', async () => {
    const before = others()
    expect(before.size).toBe(2)
    const store = await open()
    const [hit] = await store.search({ vector: leaning(1, 0), limit: 1 })
    expect(hit).toMatchObject({ record: { id: theirs.id }, score: 1 })
    expect(await store.getWithVectors([theirs.id])).toMatchObject([{ vector: leaning(1, 0) }])

    const fox = record('fox', { vector: leaning(2, 0), metadata: { type: 'ours' } })
    await store.upsert([fox, record('owl')])
    expect(others()).toEqual(before)
    expect(await store.getWithVectors([fox.id])).toEqual([fox])
    expect([...images().points.get(record('owl').id)!.vectors.keys()]).toEqual(['image'])
    await store.upsert([{ ...fox, vector: leaning(3, 0) }])
    await store.setMetadata(fox.id, { type: 'edited' })
    expect(others()).toEqual(before)
    expect(await store.getWithVectors([fox.id])).toMatchObject([
      { vector: leaning(3, 0), metadata: { type: 'edited' } },
    ])
  })

  test('points without the library’s are listed, not found, and have none to take along', async () => {
    const { id } = record('text')
    images().upsert({ points: [{ id, vector: { text: [1, 0, 0] } }] })
    const store = await open()
    expect(await store.search({ vector: leaning(0, 0), limit: 5 })).toHaveLength(1)
    expect((await store.list({ limit: 5 })).records).toHaveLength(2)
    expect(await store.getWithVectors([id])).toEqual([])
  })

  test('a name that is not there, or does not fit, is refused', async () => {
    const message = (text: RegExp) => ({
      code: 'embedder_mismatch',
      message: expect.stringMatching(text) as string,
    })
    await expect(open({ vectorName: 'picture' })).rejects.toMatchObject(
      message(/image, text, none of them named picture \(QDRANT_VECTOR_NAME\)/),
    )
    await expect(open({ vectorName: 'text' })).rejects.toMatchObject(
      message(/3 dimensions compared by Dot \(vector text\)/),
    )
  })
})

test('of two that fit the settings choose, and the next start goes on with it', async () => {
  qdrant.engine.create('images', { vectors: { image: fitting, other: fitting } })
  const store = await open({ vectorName })
  await store.upsert([record('fox')])
  expect([...images().points.get(record('fox').id)!.vectors.keys()]).toEqual(['image'])
  expect(await (await open()).search({ vector: record('fox').vector, limit: 1 })).toHaveLength(1)
  const options = { url: qdrant.url, collection: 'images', alias: 'images-in-use' }
  expect(await openGenerations(options).current()).toEqual({ ...library, records: 1 })
})

test('a re-embedded library has its vectors under the same name', async () => {
  const options = { url: qdrant.url, collection: 'images', alias: 'images-in-use', vectorName }
  const generations = openGenerations(options)
  const target = { embedderId: 'other@4', dimensions: 4 }
  await (await generations.open(library)).upsert([record('fox')])
  const next = await generations.openNext(target)
  const vector = Float32Array.of(1, 0, 0, 0)
  await next.upsert([{ ...record('fox'), embedderId: target.embedderId, vector }])
  await generations.promote(target)
  expect(await openGenerations(options).current()).toEqual({ ...target, records: 1 })
  const opened = await openGenerations(options).open(target)
  expect(await opened.search({ vector, limit: 1 })).toHaveLength(1)
})

test('float16 is used, and said in health', async () => {
  qdrant.engine.create('images', { vectors: { ...fitting, datatype: 'float16' } })
  const store = await open()
  await store.upsert([record('fox', { vector: leaning(0, 0.3) })])
  const [hit] = await store.search({ vector: leaning(0, 0.3), limit: 1 })
  expect(hit!.score).toBeCloseTo(1, 3)
  expect(await store.health()).toMatchObject({
    status: 'ok',
    detail: expect.stringMatching(/float16: scores are right to three digits/) as string,
  })
})

test('what is quantized is scored again, whoever chose to quantize it', async () => {
  const quantization_config = { scalar: { type: 'int8' } }
  qdrant.engine.create('images', { vectors: { ...fitting, quantization_config } as never })
  await (await open()).search({ vector: leaning(0, 0), limit: 1 })
  const { body } = qdrant.requests.findLast(({ path }) => path.endsWith('/query'))!
  expect(body).toMatchObject({ params: { quantization: { rescore: true } } })
})
