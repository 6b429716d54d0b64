import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { listPictures } from '../../evals/labelled-folder.ts'
import { describe } from '../../server/src/embedders/visual/describe/describe.ts'
import { halved, rasterEdge, toRaster } from '../../server/src/embedders/visual/features/raster.ts'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { Eye } from '../../server/src/embedders/visual/model/eye.ts'
import { loadModel } from '../../server/src/embedders/visual/model/learned.ts'
import { namesOf } from '../../server/src/embedders/visual/names/recognise.ts'
import {
  loadModel as loadSecond,
  VisualModel,
} from '../../server/src/embedders/visual/visual-2/model.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import { resizePixels } from '../../server/src/images/encode.ts'

const usage = `npm run bench -- embed <folder of pictures> [--count N]

What the built-in embedder costs a picture, on one core and step by step, beside sharp's bare decoding
of the same file and beside visual:2, its former version; then through the embedder as the server uses it, with what the event loop feels.`

/** Milliseconds by the clock, and of processor time, which other programs disturb less. */
interface Times {
  readonly wall: number[]
  readonly cpu: number[]
}

const maxMegapixels = 200
const batchSize = 32
const warmUp = 20

/** What `npm run bench -- embed` does. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { count: { type: 'string', default: '200' } },
  })
  if (!positionals[0]) {
    console.error(usage)
    process.exit(1)
  }
  const all = await listPictures(positionals[0])
  const wanted = Math.min(all.length, Number(values.count))
  const files = Array.from(
    { length: wanted },
    (_, index) => all[Math.floor((index * all.length) / wanted)]!,
  )
  console.log(`${files.length} pictures, milliseconds each\n`)
  await oneCore(files)
  await asTheServerDoes(files)
}

/** One picture after the other in this thread; libvips is kept to one thread as well. */
async function oneCore(files: readonly string[]): Promise<void> {
  sharp.concurrency(1)
  const model = loadModel()
  const eye = new Eye(model)
  const second = new VisualModel(loadSecond())
  const steps: Record<string, Times> = {}
  const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const began = performance.now()
    const before = process.cpuUsage()
    const result = await work()
    const { user, system } = process.cpuUsage(before)
    const { wall, cpu } = (steps[name] ??= { wall: [], cpu: [] })
    wall.push(performance.now() - began)
    cpu.push((user + system) / 1000)
    return result
  }
  let settled = 0
  for (const [index, file] of files.entries()) {
    await timed('sharp alone: decode', () => sharp(file).raw().toBuffer())
    const image = await timed('decode and normalise', () => decodeImage(file, maxMegapixels))
    await timed('embed (all below)', async () => {
      const { edge } = model.shape
      const rgb = await timed(`  resize to ${edge} x ${edge}`, () =>
        resizePixels(image, edge, edge),
      )
      const { scores } = await timed('  vector and scores', () => eye.see(rgb))
      await timed('  names', () => namesOf(scores, model.trust))
      const raster = await timed('  to L*a*b*', () => toRaster(halved(rgb)))
      await timed('  description', () => describe(image.source, raster))
    })
    await timed('visual:2 (all below)', async () => {
      const rgb = await timed(`  to ${rasterEdge} x ${rasterEdge}`, () =>
        resizePixels(image, rasterEdge, rasterEdge),
      )
      const raster = await timed('  its L*a*b*', () => toRaster(rgb))
      await timed('  its vector', () => second.vectorOf(raster))
      await timed('  its description', () => describe(image.source, raster))
    })
    if (index === Math.floor(files.length / 2)) settled = process.memoryUsage.rss()
  }
  for (const [name, times] of Object.entries(steps)) report(name, times)
  const grown = (process.memoryUsage.rss() - settled) / 2 ** 20
  console.log(
    `\nresident memory, last half of the run: ${grown >= 0 ? '+' : ''}${grown.toFixed(0)} MiB`,
  )
}

async function asTheServerDoes(files: readonly string[]): Promise<void> {
  const embedder = openVisualEmbedder()
  const context = { signal: new AbortController().signal }
  const images = await Promise.all(
    files.slice(0, batchSize).map((file) => decodeImage(file, maxMegapixels)),
  )
  const embedAll = () => Promise.all(images.map((image) => embedder.embedImage(image, context)))
  await embedAll()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const began = performance.now()
  const rounds = 4
  for (let round = 0; round < rounds; round++) await embedAll()
  const each = (performance.now() - began) / (rounds * images.length)
  delay.disable()
  console.log(
    `\nin threads, batches of ${images.length}: ${each.toFixed(1)} ms a picture; ` +
      `event loop delayed by ${(delay.percentile(99) / 1e6).toFixed(1)} ms (p99)`,
  )
}

function report(name: string, { wall, cpu }: Times): void {
  const figure = (times: number[], share: number) => {
    const sorted = times.slice(warmUp).sort((one, other) => one - other)
    return (sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1) ?? '-').padStart(6)
  }
  const columns = `p50 ${figure(wall, 0.5)}  p95 ${figure(wall, 0.95)}  processor p50 ${figure(cpu, 0.5)}`
  console.log(`${name.padEnd(24)} ${columns}`)
}
