import type { AddressInfo } from 'node:net'
import { buildApp } from '../../server/src/app.ts'
import type { Services } from '../../server/src/http/services.ts'
import type { LibraryDeps } from '../../server/src/library/deps.ts'
import { recordId } from '../../server/src/records/record-id.ts'
import { randomNumbers } from '../../evals/random.ts'
import { uriOf, withLibrary } from './library.ts'

const rounds = 600
const warmUps = 40
/** What a search may take because its results are judged, of what it takes without. */
const goal = 1.05

const filter = encodeURIComponent('{"must":[{"key":"parity","match":{"value":1}}]}')
/** What is asked, and whether results are judged. */
const kinds: [name: string, isJudged: boolean, query: string][] = [
  ['scores alone', false, 'limit=10'],
  ['judged, as all are', true, 'limit=10'],
  ['min_match', true, 'limit=10&min_match=possible'],
  ['cut=auto', true, 'limit=10&cut=auto'],
  ['ranking=expanded', true, 'limit=10&ranking=expanded'],
  ['scores alone, filtered', false, `limit=10&filter=${filter}`],
  ['cut=auto, filtered', true, `limit=10&cut=auto&filter=${filter}`],
]

/**
 * `npm run bench -- search --scores 100000`: what it costs a search by an indexed picture to say what scores mean, to cut
 * and to rank anew, over HTTP, beside the same search without.
 */
export async function measureScores(images: number): Promise<void> {
  await withLibrary(images, (services) => measure(services, images))
}

async function measure(services: Services, images: number): Promise<void> {
  const { deps } = services
  const drawn = performance.now()
  await deps.calibration.sample(deps)
  const draw = performance.now() - drawn
  let judges = true
  const calibration = {
    sample: async () => (judges ? deps.calibration.sample(deps) : null),
  } as unknown as LibraryDeps['calibration']
  const app = await buildApp({ ...services, deps: { ...deps, calibration } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const times = kinds.map((): number[] => [])
  const random = randomNumbers(1)
  try {
    // One of each in turn, so that all meet the machine in the same mood.
    for (let round = -warmUps; round < rounds; round++) {
      const id = recordId(uriOf(Math.floor(((round + warmUps) * images) / (rounds + warmUps))))
      // In an order of its own each time: what a request leaves behind is paid for by the next.
      const order = kinds.map((_, at) => ({ at, turn: random() }))
      for (const { at } of order.sort((a, b) => a.turn - b.turn)) {
        const [, isJudged, query] = kinds[at]!
        judges = isJudged
        const began = performance.now()
        const url = `http://127.0.0.1:${port}/api/images/${id}/similar?${query}`
        await (await fetch(url)).arrayBuffer()
        if (round >= 0) times[at]!.push(performance.now() - began)
      }
    }
  } finally {
    await app.close()
  }
  const quantile = (at: number, share: number) =>
    times[at]!.toSorted((a, b) => a - b)[Math.floor(times[at]!.length * share)]!
  console.log(
    `${rounds} searches each among ${images} records: ms at p50 and p10, and the ratio at p10\n`,
  )
  for (const [at, [name]] of kinds.entries()) {
    const base = quantile(name.endsWith('filtered') ? 5 : 0, 0.1)
    const [half, tenth] = [quantile(at, 0.5), quantile(at, 0.1)]
    const figures = [half, tenth, tenth / base].map((value) => value.toFixed(3).padStart(9))
    console.log(`${name.padEnd(26)}${figures.join('')}`)
  }
  console.log(
    `\nDrawing the sample took ${draw.toFixed(0)} ms, once for each quarter that the library grows by.`,
  )
  // The fastest tenth is what other work on the machine disturbs least.
  const ratio = quantile(1, 0.1) / quantile(0, 0.1)
  const verdict = ratio < goal ? 'reached' : 'MISSED '
  console.log(`${verdict}  judged over scores alone: ${ratio.toFixed(3)}, goal ${goal}`)
}
