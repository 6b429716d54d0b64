import type { AddressInfo } from 'node:net'
import { buildApp } from '../../server/src/app.ts'
import type { Services } from '../../server/src/http/services.ts'
import { Stages } from '../../server/src/library/stages.ts'
import { recordId } from '../../server/src/records/record-id.ts'
import { randomNumbers } from '../../evals/random.ts'
import { clusteredVectors } from '../clustered-vectors.ts'
import { recordOf, uriOf, withLibrary } from './library.ts'

const rounds = 150
const warmUps = 15
const writes = 300

/** Ids of images that are far apart in the library. */
type Ids = (count: number) => string[]
type Question = (ids: Ids) => object

const parts = (ids: Ids, count: number) => ids(count).map((id) => ({ id }))
const plain = 'a plain search'
/** What is asked; the first is what the others are compared with. */
const kinds: [name: string, question: Question | string][] = [
  [plain, 'limit=10'],
  ['plain, cut=auto', 'limit=10&cut=auto'],
  ['plain, ranking=expanded', 'limit=10&ranking=expanded'],
  ['one part', (ids) => ({ parts: parts(ids, 1) })],
  ['two parts', (ids) => ({ parts: parts(ids, 2) })],
  ['ten parts', (ids) => ({ parts: parts(ids, 10) })],
  ['two and one unlike', (ids) => ({ parts: [...parts(ids, 2), { id: ids(1)[0], weight: -0.5 }] })],
  ['two parts, cut=auto', (ids) => ({ parts: parts(ids, 2), cut: 'auto' })],
  ['two parts, all', (ids) => ({ parts: parts(ids, 2), combine: 'all' })],
  ['page 11 of two parts', (ids) => ({ parts: parts(ids, 2), offset: 100 })],
  ['two parts, diversity', (ids) => ({ parts: parts(ids, 2), diversity: 0.5 })],
  ['two parts, grouped', (ids) => ({ parts: parts(ids, 2), group_by: 'album' })],
  ['ten judged', (ids) => ({ parts: parts(ids, 1), feedback: { relevant: ids(5), irrelevant: ids(5) } })], // prettier-ignore
]

/**
 * `npm run bench -- search --questions 100000`: what questions of several parts take over HTTP beside a plain search, and what searches that
 * stand take of each picture that comes.
 */
export async function measureQuestions(images: number): Promise<void> {
  await withLibrary(images, async (services) => {
    await measureSearches(services, images)
    await measureArrivals(services, images)
  })
}

async function measureSearches(services: Services, images: number): Promise<void> {
  const app = await buildApp(services)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/images`
  const random = randomNumbers(1)
  const ids: Ids = (count) =>
    Array.from({ length: count }, () => recordId(uriOf(Math.floor(random() * images))))
  const times = kinds.map((): number[] => [])
  try {
    for (let round = -warmUps; round < rounds; round++) {
      // In an order of its own each time: what a request leaves behind is paid for by the next.
      const order = kinds.map((_, at) => ({ at, turn: random() }))
      for (const { at } of order.sort((a, b) => a.turn - b.turn)) {
        const [, question] = kinds[at]!
        const body = new FormData()
        if (typeof question !== 'string')
          body.set('question', JSON.stringify({ limit: 10, ...question(ids) }))
        const ask = () =>
          typeof question === 'string'
            ? fetch(`${url}/${ids(1)[0]}/similar?${question}`)
            : fetch(`${url}/search`, { method: 'POST', body })
        let began = performance.now()
        let answer = await ask()
        // A machine that is busy with other work is to be asked again, as clients do.
        while (answer.status === 503) {
          await new Promise((done) => setTimeout(done, 1000))
          began = performance.now()
          answer = await ask()
        }
        if (!answer.ok) throw new Error(await answer.text())
        await answer.arrayBuffer()
        if (round >= 0) times[at]!.push(performance.now() - began)
      }
    }
  } finally {
    await app.close()
  }
  console.log(
    `${rounds} searches each among ${images} records: ms at p50 and p10, and the ratio at p10\n`,
  )
  const base = quantile(times[0]!, 0.1)
  for (const [at, [name]] of kinds.entries()) {
    const [half, tenth] = [quantile(times[at]!, 0.5), quantile(times[at]!, 0.1)]
    const figures = [half, tenth, tenth / base].map((value) => value.toFixed(2).padStart(9))
    console.log(`${name.padEnd(26)}${figures.join('')}`)
  }
}

/** Pictures one by one, with none, one and a hundred searches that stand: what each write takes, and all that follows. */
async function measureArrivals({ deps, standing }: Services, images: number): Promise<void> {
  const next = clusteredVectors(deps.embedder.dimensions, images, 2)
  let number = images
  console.log(`\n${writes} new records one by one: ms of a write at p50 and p10; processor ms for each, with its comparison`) // prettier-ignore
  for (const searches of [0, 1, 100]) {
    for (let at = standing.list().length; at < searches; at++)
      await stand(standing, (at * 97) % images)
    const times: number[] = []
    const before = process.cpuUsage()
    for (let at = 0; at < writes; at++) {
      const record = recordOf(number++, next(), deps.embedder.id)
      const began = performance.now()
      await deps.store.upsert([record])
      times.push(performance.now() - began)
    }
    while (standing.waiting > 0) await new Promise((done) => setTimeout(done, 20))
    const { user, system } = process.cpuUsage(before)
    const each = (user + system) / 1000 / writes
    const figures = [quantile(times, 0.5), quantile(times, 0.1), each]
    const name = `${searches} searches stand`
    console.log(
      `${name.padEnd(26)}${figures.map((value) => value.toFixed(3).padStart(9)).join('')}`,
    )
  }
}

async function stand(standing: Services['standing'], image: number): Promise<void> {
  const run = { stages: new Stages(), signal: new AbortController().signal }
  const part = { query: { likeId: recordId(uriOf(image)) }, weight: 1 }
  const options = { combine: 'sum', limit: 10, offset: 0, exclude: [], groupSize: 1, diversity: 0, among: 100 } as const // prettier-ignore
  await standing.add({ name: `${image}`, asked: { parts: [] }, parts: [part], options }, run)
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]!
}
