import type { IndexResponse, WhyResponse } from '@lookalike/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, postForm, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let records: IndexResponse[]
beforeAll(async () => {
  server = await startServer()
  records = []
  for (const seed of [1, 2]) records.push((await server.index(await jpeg(seed))).body)
})
afterAll(() => server.stop())

const ids = () => records.map(({ id }) => id)
const whyForm = async (to?: string, toFile?: Uint8Array) => {
  const data = new FormData()
  data.set('image_file', new Blob([new Uint8Array(await jpeg(1))]), 'one.jpg')
  if (to !== undefined) data.set('to', to)
  if (toFile) data.set('to_file', new Blob([new Uint8Array(toFile)]), 'two.jpg')
  const response = await fetch(`${server.url}/api/images/why`, { method: 'POST', body: data })
  return { status: response.status, body: (await response.json()) as WhyResponse & { code: string } } // prettier-ignore
}

test('says of two images what they share, where, and in which words', async () => {
  const [one, other] = ids()
  const { status, body } = await getJson<WhyResponse>(`${server.url}/api/images/${one}/why?to=${other}`) // prettier-ignore
  expect(status).toBe(200)
  expect([body.one.id, body.other.id]).toEqual([one, other])
  expect(Object.keys(body.parts!)).toEqual(['names', 'colours', 'texture', 'layout'])
  for (const share of Object.values(body.parts!)) {
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
  }
  expect(body.map!.one).toHaveLength(body.map!.edge ** 2)
  expect(Math.max(...body.map!.other)).toBe(1)
  expect(body).toMatchObject({ no_parts: null, match: null, calibration: { sure: false } })
  expect(body.score).toBeLessThan(1)
  const itself = await getJson<WhyResponse>(`${server.url}/api/images/${one}/why?to=${one}`)
  expect(itself.body).toMatchObject({ score: 1, match: 'same' })
  expect(itself.body.parts!.colours).toBeCloseTo(1)
  expect(itself.body.words!.length).toBeGreaterThan(0)
})

test('says the same of a picture that is sent, and of two', async () => {
  const [one, other] = ids()
  const kept = (await getJson<WhyResponse>(`${server.url}/api/images/${one}/why?to=${other}`)).body
  const comparison = ({ score, parts, map, words }: WhyResponse) => ({ score, parts, map, words })
  const sent = await whyForm(other)
  expect(sent.status).toBe(200)
  expect(comparison(sent.body)).toEqual(comparison(kept))
  expect(sent.body.one).toMatchObject({ id: null, filename: 'one.jpg' })
  const two = await whyForm(undefined, await jpeg(2))
  expect(comparison(two.body)).toEqual(comparison(kept))
  const unknown = await whyForm(undefined, await jpeg(3, 90, 80))
  expect(unknown.body.other).toMatchObject({ id: null, filename: 'two.jpg', width: 90 })
  expect(await server.uploads()).toEqual([])
})

test('refuses what cannot be compared', async () => {
  const [one] = ids()
  const nobody = '00000000-0000-4000-8000-000000000000'
  expect(await whyForm()).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } })
  expect(await whyForm(one, await jpeg(2))).toMatchObject({ status: 400 })
  expect(await whyForm(nobody)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  const text = await whyForm(undefined, Buffer.from('no picture'))
  expect(text).toMatchObject({ status: 400, body: { code: 'invalid_image' } })
  const noTarget = await getJson(`${server.url}/api/images/${one}/why`)
  expect(noTarget).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } })
  const second = new FormData()
  second.set('image_file', new Blob(['x']), 'a.jpg')
  second.set('to_file', new Blob(['x']), 'b.jpg')
  const elsewhere = await fetch(`${server.url}/api/images/index`, { method: 'POST', body: second })
  expect(elsewhere.status).toBe(400)
  expect(await server.uploads()).toEqual([])
})

test('an embedder of descriptions has no maps but words, and says so', async () => {
  const provider: FakeOpenAi = await startFakeOpenAi()
  const described = await startServer(openAiSettings(provider))
  try {
    const about = async (seed: number, description: string) =>
      (await postForm<IndexResponse>(`${described.url}/api/images/index`, await jpeg(seed), { description })).body.id // prettier-ignore
    const one = await about(1, 'A red fox sleeping in the fresh snow.')
    const other = await about(2, 'The fox hunts; it is dusk, and snow is falling.')
    const { body } = await getJson<WhyResponse>(`${described.url}/api/images/${one}/why?to=${other}`) // prettier-ignore
    expect(body).toMatchObject({ parts: null, map: null, words: ['fox', 'snow'], no_words: null })
    expect(body.no_parts).toMatch(/compares descriptions/)
  } finally {
    await described.stop()
    await provider.stop()
  }
})
