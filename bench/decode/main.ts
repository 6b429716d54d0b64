import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp, { type Sharp } from 'sharp'
import { costOf } from '../../server/src/images/cost.ts'
import { readPixels } from '../../server/src/images/decoders/pixels.ts'
import { openBytes } from '../../server/src/images/sniffing/byte-source.ts'
import { readJpegFrame } from '../../server/src/images/sniffing/jpeg.ts'
import { sniff } from '../../server/src/images/sniffing/sniff.ts'
import { readTiffLayout } from '../../server/src/images/sniffing/tiff-layout.ts'

const usage = `npm run bench -- decode [--megapixels 4,16]

What decoding takes, by format: how much the resident set of a fresh process grows at its peak, beside what is foreseen
from the file's header. Linux only.`

const maxMegapixels = 1000

const variants: Record<string, (picture: Sharp, deep: Sharp) => Sharp> = {
  'jpeg, baseline': (picture) => picture.jpeg({ quality: 70 }),
  'jpeg, progressive': (picture) => picture.jpeg({ quality: 70, progressive: true }),
  'jpeg, progressive 4:4:4': (picture) => picture.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }), // prettier-ignore
  png: (picture) => picture.png({ compressionLevel: 1 }),
  'png, interlaced': (picture) => picture.png({ compressionLevel: 1, progressive: true }),
  'png, interlaced 16 bits': (_, deep) => deep.png({ compressionLevel: 1, progressive: true }),
  'webp, lossy': (picture) => picture.webp({ quality: 50, effort: 0 }),
  'webp, lossless': (picture) => picture.webp({ lossless: true, effort: 0 }),
  gif: (picture) => picture.gif({ effort: 1 }),
  avif: (picture) => picture.avif({ quality: 30, effort: 0 }),
  'tiff, strips': (picture) => picture.tiff({ compression: 'lzw' }),
  'tiff, tiles': (picture) => picture.tiff({ compression: 'deflate', tile: true }),
  'tiff, 16 bits': (_, deep) => deep.tiff({ compression: 'none' }),
}

/** What `npm run bench -- decode` does. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { megapixels: { type: 'string', default: '4' } } })
  if (process.platform !== 'linux') return console.log(usage)
  const folder = mkdtempSync(join(tmpdir(), 'lookalike-decode-'))
  try {
    for (const megapixels of values.megapixels.split(',').map(Number)) {
      for (const [name, encode] of Object.entries(variants)) {
        const file = join(folder, 'picture')
        const edge = Math.round(Math.sqrt(megapixels * 1e6))
        writeFileSync(file, await encode(blotches(edge), blotches(edge).toColourspace('rgb16')).toBuffer()) // prettier-ignore
        const { grown, ms } = await measure(file)
        const foreseen = await foresee(file)
        const perPixel = (grown / edge ** 2).toFixed(1)
        console.log(
          `${megapixels} MP ${name.padEnd(24)} ${megabytes(grown)} grown (${perPixel} B a pixel), ` +
            `${megabytes(foreseen)} foreseen, ${ms} ms`,
        )
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`.padStart(7)
}

/** What compresses about as well as a photograph. */
function blotches(edge: number): Sharp {
  const small = 400
  const noise = new Uint8Array(small * small * 3)
  for (let at = 0, state = 7; at < noise.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    noise[at] = state >>> 24
  }
  return sharp(noise, { raw: { width: small, height: small, channels: 3 } }).resize(edge, edge, {
    kernel: 'cubic',
  })
}

async function foresee(file: string): Promise<number> {
  const source = await openBytes(file)
  const { format } = await sniff(source)
  if (!format) throw new Error('no picture')
  const frame = format === 'jpeg' ? await readJpegFrame(source) : undefined
  const layout = format === 'tiff' ? await readTiffLayout(source) : undefined
  const { bytes } = await costOf(source, { format, frame, layout }, maxMegapixels)
  await source.close()
  return bytes
}

async function measure(file: string): Promise<{ grown: number; ms: number }> {
  const child = fork(import.meta.filename, [file])
  const [answer] = (await once(child, 'message')) as [{ grown: number; ms: number }]
  child.kill()
  return answer
}

/** In a process that has decoded something before, so that libraries are loaded. */
async function measureHere(file: string): Promise<void> {
  const options = { maxMegapixels, edge: 1024, failOn: 'warning' } as const
  await readPixels(await blotches(64).jpeg().toBuffer(), options)
  writeFileSync('/proc/self/clear_refs', '5')
  const before = resident('VmRSS')
  const began = performance.now()
  await readPixels(file, options)
  const ms = Math.round(performance.now() - began)
  process.send!({ grown: resident('VmHWM') - before, ms })
}

function resident(field: string): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)![1]) * 1024
}

if (process.send && process.argv[2]) await measureHere(process.argv[2])
