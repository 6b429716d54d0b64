import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SearchResponse, Stage } from '@lookalike/sdk'
import sharp from 'sharp'
import { startServer } from '../server.ts'
import { photograph } from './photographs.ts'
import { measureQuestions } from './questions.ts'
import { measureScores } from './scores.ts'
import { hangUp, post, uploadForm } from '../upload.ts'

const firsts = 8
const repeats = 40
/** What is compiled while it runs is measured once it is. */
const warmUps = 20
const stages: Stage[] = ['receive', 'decode', 'describe', 'embed', 'search']

/**
 * What Lookalike itself adds to a search, with models that answer at once: a first and a remembered
 * search stage by stage, beside a bare upload, a bare decode and two bare round trips. With `--scores <records>`
 * instead what it costs to say what scores mean, with `--questions <records>` what questions of several parts and searches that stand cost.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { scores: { type: 'string' }, questions: { type: 'string' } },
  })
  if (values.scores) return measureScores(Number(values.scores))
  if (values.questions) return measureQuestions(Number(values.questions))
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  const neighbours = fork(join(import.meta.dirname, 'neighbours.ts'))
  const [urls] = await once<{ provider: string; bare: string }>(neighbours)
  const server = await startServer(dataDir, {
    EMBEDDER: 'openai',
    OPENAI_BASE_URL: urls.provider,
  })
  try {
    console.log(`Drawing ${firsts} photographs of 20 megapixels ...`)
    const photos: Buffer[] = []
    for (let seed = 0; seed <= firsts; seed++) photos.push(await photograph(seed))
    await measure({ ...urls, server: server.url }, photos)
  } finally {
    hangUp()
    await server.stop()
    neighbours.disconnect()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function measure(
  urls: { provider: string; bare: string; server: string },
  [warmUp, ...photos]: Buffer[],
): Promise<void> {
  const again = uploadForm(photos[0]!)
  const warm = uploadForm(warmUp!)
  await post(`${urls.server}/api/images/index`, warm)
  for (let n = 0; n < warmUps; n++) {
    await new Searches(urls.server).run(warm)
    await post(urls.bare, warm)
  }
  // Each search right after what it is compared with, so that both meet the machine in the same mood.
  const bareFirst: number[] = []
  const bareAgain: number[] = []
  const decodes: number[] = []
  const roundTrips: number[] = []
  const first = new Searches(urls.server)
  const remembered = new Searches(urls.server)
  for (const photo of photos) {
    const form = uploadForm(photo)
    bareFirst.push(await timed(() => post(urls.bare, form)))
    decodes.push(await timed(() => decodeBare(photo)))
    roundTrips.push(await timed(() => askTwice(urls.provider)))
    await first.run(form)
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    bareAgain.push(await timed(() => post(urls.bare, again)))
    await remembered.run(again)
  }

  const kB = Math.round(again.length / 1000)
  console.log(
    `\np50 in ms over ${firsts} first and ${repeats} remembered searches, ${kB} kB each\n`,
  )
  const line = (name: string, a: string, b: string) =>
    console.log(`${name.padEnd(34)}${a.padStart(10)}${b.padStart(14)}`)
  line('', 'first', 'remembered')
  for (const stage of stages) line(stage, first.stage(stage), remembered.stage(stage))
  line('total in the server', first.total(), remembered.total())
  line('seen by the caller', ms(median(first.times)), ms(median(remembered.times)))
  console.log()
  line('bare upload, nothing done with it', ms(median(bareFirst)), ms(median(bareAgain)))
  line('bare decode and resize to 768', ms(median(decodes)), '-')
  line('two bare round trips to the models', ms(median(roundTrips)), '-')
  console.log()
  // Uploading is the caller's own doing: what is judged is what comes on top of it.
  const bound = 1.5 * median(decodes) + median(roundTrips)
  verdict('first search over the bare upload', first.over(bareFirst), bound)
  verdict('remembered search over the bare upload', remembered.over(bareAgain), 5)
}

/** Searches of one kind, with what the server and the caller's clock say of them. */
class Searches {
  readonly times: number[] = []
  readonly #answers: SearchResponse[] = []
  readonly #url: string

  constructor(server: string) {
    this.#url = `${server}/api/images/search-similar`
  }

  async run(form: Buffer): Promise<void> {
    let answer = ''
    this.times.push(await timed(async () => (answer = await post(this.#url, form))))
    this.#answers.push(JSON.parse(answer) as SearchResponse)
  }

  stage(stage: Stage): string {
    return this.#median(({ timings_ms }) => timings_ms[stage])
  }

  total(): string {
    return this.#median(({ timings_ms }) => timings_ms.total)
  }

  /** Median of what each took beyond the measurement made just before it. */
  over(bare: number[]): number {
    return median(this.times.map((time, index) => time - bare[index]!))
  }

  #median(pick: (answer: SearchResponse) => number | undefined): string {
    const known = this.#answers.map(pick).filter((value) => value !== undefined)
    return known.length > 0 ? ms(median(known)) : '-'
  }
}

function decodeBare(bytes: Buffer): Promise<unknown> {
  return sharp(bytes).autoOrient().resize(768, 768, { fit: 'inside' }).raw().toBuffer()
}

/** As much text as Lookalike sends: a picture of 768 pixels in base64 is about 100 kB. */
async function askTwice(provider: string): Promise<void> {
  const picture = `data:image/jpeg;base64,${'A'.repeat(100_000)}`
  const content = [{ type: 'image_url', image_url: { url: picture } }]
  await postJson(`${provider}/chat/completions`, {
    model: 'x',
    messages: [{ role: 'user', content }],
  })
  await postJson(`${provider}/embeddings`, { model: 'x', input: ['A fox.'], dimensions: 1536 })
}

async function postJson(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  await response.json()
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function once<T>(child: ReturnType<typeof fork>): Promise<[T]> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve([message as T]))
    child.once('exit', () => reject(new Error('the neighbours did not start')))
  })
}

function ms(value: number): string {
  return value.toFixed(1)
}

function verdict(what: string, measured: number, goal: number): void {
  const reached = measured < goal ? 'reached' : 'MISSED '
  console.log(`${reached}  ${what}: ${ms(measured)} ms, goal ${ms(goal)} ms`)
}
