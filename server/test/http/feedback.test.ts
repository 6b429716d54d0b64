import { createClient, type Client } from '@lookalike/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { unitVector } from '../../src/records/vectors.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, postForm, startServer, type TestServer } from '../support/server.ts'
import { importAll, SyntheticLibrary } from '../support/synthetic-library.ts'
import { until } from '../support/until.ts'

const library = new SyntheticLibrary({ id: 'visual:3@224', dimensions: 224 }, { seed: 11 })
const uri = (name: string) => `http://example.org/${name}`
const idOf = (name: string) => recordId(uri(name))
const [asked, right, wrong] = [library.unrelated(), library.unrelated(), library.unrelated()]
const mixed = (...parts: Float32Array[]) => unitVector(parts[0]!.map((_, at) => parts.reduce((sum, part) => sum + part[at]!, 0))) // prettier-ignore

let server: TestServer
let client: Client
beforeAll(async () => {
  server = await startServer()
  client = createClient({ baseUrl: server.url })
  const vectors: [string, Float32Array][] = [['asked', asked]]
  for (let at = 0; at < 4; at++) {
    vectors.push([`right-${at}`, library.related(mixed(asked, right), 0.9)])
    vectors.push([`wrong-${at}`, library.related(mixed(asked, wrong), 0.95)])
  }
  for (let at = 0; at < 60; at++) vectors.push([`other-${at}`, library.unrelated()])
  await importAll(server.url, vectors.map(([name, vector]) => library.record(uri(name), vector))) // prettier-ignore
})
afterAll(() => server.stop())

const search = async (feedback?: { relevant?: string[]; irrelevant?: string[] }) => {
  const options = { limit: 8, ...(feedback && { feedback }) }
  const { results } = await client.search([{ id: idOf('asked') }], options)
  return results.map(({ image_uri }) => image_uri.slice(19))
}
const kinds = (names: string[]) => names.slice(0, 4).map((name) => name.replace(/-.*/, ''))

test('thumbs move a search by the formula that is documented, and judged images stay in it', async () => {
  expect(kinds(await search())).toEqual(['wrong', 'wrong', 'wrong', 'wrong'])
  const relevant = [idOf('right-0'), idOf('right-1')]
  const irrelevant = [idOf('wrong-0')]
  const refined = await search({ relevant, irrelevant })
  expect(kinds(refined)).toEqual(['right', 'right', 'right', 'right'])
  expect(refined).toContain('right-0')
  // The same by hand, as parts with weights, which leaves its parts out.
  const parts = [{ id: idOf('asked') }, ...relevant.map((id) => ({ id, weight: 0.375 })), { id: irrelevant[0]!, weight: -0.15 }] // prettier-ignore
  const { results } = await client.search(parts, { limit: 5 })
  const byHand = results.map(({ image_uri }) => image_uri.slice(19))
  const judged = ['right-0', 'right-1', 'wrong-0']
  expect(refined.filter((name) => !judged.includes(name))).toEqual(byHand)
  // One that was deleted since counts for nothing.
  const gone = recordId('urn:gone')
  expect(await search({ relevant: [gone] })).toEqual(await search())
  const all = { parts: [{ id: idOf('asked') }], combine: 'all', feedback: { relevant } }
  const refused = await postForm(`${server.url}/api/images/search`, null, { question: JSON.stringify(all) }) // prettier-ignore
  expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('feedback')])
})

test('a search that was refined may stand, and judges by the refined question', async () => {
  const feedback = { relevant: [idOf('right-0')], irrelevant: [idOf('wrong-0')] }
  const parts = [{ id: idOf('asked') }]
  const made = await client.searches.add('Refined', parts, { feedback, scoreThreshold: 0.6 })
  expect(made.parts.map(({ id }) => id)).toEqual([idOf('asked'), idOf('right-0'), idOf('wrong-0')])
  const vector = library.related(mixed(asked, right), 0.9)
  await importAll(server.url, [library.record(uri('right-new'), vector)])
  const [found] = (await until(() => client.searches.matches(made.id), ({ matches }) => matches.length > 0)).matches // prettier-ignore
  const now = await client.search(parts, { limit: 100, feedback })
  const result = now.results.find(({ id }) => id === idOf('right-new'))!
  expect(found!.score).toBeCloseTo(result.score, 5)
  await client.searches.remove(made.id)
})

test('judgements are kept where somebody wants them to be, and forgotten', async () => {
  const sent = [{ image: new File([new Uint8Array(await jpeg(1))], 'fox.jpg') }, { text: 'fox', weight: -0.5 }] // prettier-ignore
  const first = await client.feedback.add(sent, idOf('right-0'), 'relevant')
  expect(first).toMatchObject({ judgement: 'relevant', image: idOf('right-0'), parts: [{ filename: 'fox.jpg' }, { text: 'fox', weight: -0.5 }] }) // prettier-ignore
  await client.feedback.add(sent, idOf('wrong-0'), 'relevant')
  const changed = await client.feedback.add(sent, idOf('wrong-0'), 'irrelevant')
  const list = await client.feedback.list({ limit: 1 })
  expect(list).toMatchObject({ total: 2, next_cursor: changed.number, feedback: [{ number: changed.number, judgement: 'irrelevant' }] }) // prettier-ignore
  const next = await client.feedback.list({ limit: 1, cursor: changed.number })
  expect(next).toMatchObject({ next_cursor: null, feedback: [{ number: first.number }] })
  const unknown = await postForm(`${server.url}/api/feedback`, null, {
    question: JSON.stringify({ parts: [{ id: idOf('asked') }] }),
    image: recordId('urn:gone'),
    judgement: 'relevant',
  })
  expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found'])
  await client.feedback.remove(first.number)
  const again = await getJson(`${server.url}/api/feedback/${first.number}`, { method: 'DELETE' })
  expect(again.status).toBe(404)
  await client.feedback.clear()
  expect(await client.feedback.list()).toMatchObject({ total: 0, feedback: [] })
})
