import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { jpeg } from '../support/pictures.ts'

let openai: FakeOpenAi
let server: TestServer
let seed = 0
beforeAll(async () => {
  openai = await startFakeOpenAi()
  server = await startServer(openAiSettings(openai, { OPENAI_EMBEDDING_DIMENSIONS: '4' }))
})
afterAll(async () => {
  await server.stop()
  await openai.stop()
})

const base64 = (vector: number[]) =>
  Buffer.from(Float32Array.from(vector).buffer).toString('base64')
/** The direction of a text, by the number at its end. */
const vectorOf = (text: string) => [Number(/\d+$/.exec(text)![0]), 1, 2, 3]
type Row = { index?: unknown; embedding: unknown }

/** Indexes pictures at once, under descriptions that travel together behind the first two. */
async function indexTogether(count: number, shape: (rows: Row[]) => unknown) {
  const gate = Promise.withResolvers<void>()
  openai.behave({
    hold: () => gate.promise,
    respond: (_kind, { input }) => {
      const rows = [input].flat().map((text, index) => ({ index, embedding: vectorOf(text) }))
      return { body: { data: shape(rows) } }
    },
  })
  const before = openai.embeddings.length
  const name = `thing ${++seed}`
  const images = Array.from({ length: count }, (_, at) => at)
  const answers = images.map(
    async (at) =>
    server.index(await jpeg(++seed), { description: `${name}, ${at + 1}`, image_uri: `urn:${seed}:${at}` }), // prettier-ignore
  )
  await expect.poll(() => openai.embeddings.length - before).toBe(2)
  // The others are on their way by the time that one more question has come and gone.
  await fetch(`${server.url}/api/health`)
  gate.resolve()
  return Promise.all(answers)
}

describe('vectors belong to their texts', () => {
  const none = ({ embedding }: Row) => ({ embedding })
  test.each<[string, (rows: Row[]) => unknown]>([
    ['by index', (rows) => rows.toReversed()],
    ['by position, without an index', (rows) => rows.map(none)],
    ['by position, with an index of null', (rows) => rows.map((row) => ({ ...row, index: null }))],
    ['by position, all of index 0', (rows) => rows.map((row) => ({ ...row, index: 0 }))],
    ['where index 0 is left out', (rows) => rows.map((row) => (row.index === 0 ? none(row) : row)).toReversed()], // prettier-ignore
    ['in base64', (rows) => rows.map((row) => ({ ...row, embedding: base64(row.embedding as number[]) }))], // prettier-ignore
    ['in a list of one', (rows) => rows.map((row) => ({ ...row, embedding: [row.embedding] }))],
  ])('%s', async (_name, shape) => {
    const answers = await indexTogether(6, shape)
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual(
      answers.map(() => [201, undefined]),
    )
    const { store } = server.services.deps
    const records = await store.getWithVectors(answers.map(({ body }) => body.id))
    const directions = records.map(({ vector }) => Math.round(vector[0]! / vector[1]!))
    expect(directions).toEqual(answers.map((_, at) => at + 1))
  })
})

test.each<[string, unknown]>([
  ['too large for 32 bits', [1e39, 1, 1, 1]],
  ['too small for 32 bits', [1e-60, 0, 1e-70, 0]],
  ['zeros in base64', base64([0, 0, 0, 0])],
  ['infinite in base64', base64([Infinity, 1, 1, 1])],
  ['not numbers in base64', base64([Number.NaN, 1, 1, 1])],
  ['not whole floats', 'AAAAAAA='],
  ['no base64', 'not base64 at all!'],
  ['of holes', [1, null, 1, 1]],
  ['of texts', ['1', '1', '1', '1']],
  ['too short', [1, 2, 3]],
  ['too long in base64', base64([1, 2, 3, 4, 5])],
  ['one for each word', [[1, 2, 3, 4], [1, 2, 3, 4]]], // prettier-ignore
  ['none', []],
  ['nothing', null],
])('a vector that is %s is refused', async (_name, embedding) => {
  openai.behave({ respond: () => ({ body: { data: [{ index: 0, embedding }] } }) })
  const before = await server.services.deps.store.count()
  const { status, body } = await server.index(await jpeg(++seed), { description: `bad ${seed}` })
  expect([status, body.code]).toEqual([502, 'provider_rejected'])
  expect(await server.services.deps.store.count()).toBe(before)
})

test('indices that contradict each other are refused', async () => {
  openai.behave({ respond: () => ({ body: { data: [{ index: 3, embedding: [1, 2, 3, 4] }] } }) })
  const { body } = await server.index(await jpeg(++seed), { description: `bad ${seed}` })
  expect(body.detail).toMatch(/vectors for 1 inputs/)
})

test('a vector that should never have been remembered is asked for again', async () => {
  openai.behave({ respond: () => ({ body: { data: [{ index: 0, embedding: [1, 2, 3, 4] }] } }) })
  const { memory } = server.services.state
  const remember = memory.rememberVector.bind(memory)
  memory.rememberVector = (text, model) => remember(text, model, new Float32Array(4).fill(Infinity))
  await server.index(await jpeg(++seed), { description: 'remembered 1' })
  memory.rememberVector = remember
  const before = openai.embeddings.length
  expect((await server.index(await jpeg(++seed), { description: 'remembered 1' })).status).toBe(201)
  expect(openai.embeddings.length).toBe(before + 1)
})
