import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LookalikeError } from '../../src/errors.ts'
import { decodeImage } from '../../src/images/decode.ts'
import { DecodeGate } from '../../src/images/decode-gate.ts'
import { bmpFile } from '../images/making/bmp-file.ts'
import { encodedQuarters } from '../images/making/encoded-quarters.ts'
import { jpeg, picture } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** More rounds, each of another seed: `npm run test:hostile`. The decoders get all mutants, the server a few of them. */
const rounds = Number(process.env['HOSTILE_ROUNDS'] ?? 1)
const mutants = 5_000
/** In `npm test`, where a machine that does other work besides gets no further: the script sends all of them. */
const maxMs = rounds > 1 ? Infinity : 2_000
const atOnce = 12

let server: TestServer
beforeAll(async () => {
  server = await startServer({ EMBEDDED_METADATA: 'all' })
})
afterAll(() => server.stop())

/** Numbers below a bound, the same for a seed each time. Source: G. Marsaglia, "Xorshift RNGs", 2003. */
function randomBelow(seed: number): (bound: number) => number {
  let state = (0x9e3779b9 ^ Math.imul(seed, 2_654_435_761)) >>> 0 || 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % bound
  }
}

/** Small files of every format that is written here, each in several of its forms. */
async function originals(): Promise<Buffer[]> {
  const base = () => picture(7, 48, 36)
  const exif = { IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } } // prettier-ignore
  const written = [
    base().jpeg(),
    base().jpeg({ progressive: true }).withExif(exif),
    base().toColourspace('cmyk').jpeg(),
    base().png(),
    base().png({ progressive: true, palette: true }),
    base().toColourspace('rgb16').png().withIccProfile('p3'),
    base().webp(),
    base().webp({ lossless: true }).withExif(exif),
    base().gif(),
    base().tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }),
    base().tiff({ compression: 'deflate' }),
    base().tiff({ compression: 'jpeg' }),
    base().tiff({ compression: 'none' }),
    base().avif({ effort: 0 }),
  ]
  const files = await Promise.all(written.map((each) => each.toBuffer()))
  const others = [encodedQuarters.heic, encodedQuarters.jxl].map((text) =>
    Buffer.from(text, 'base64'),
  )
  return [...files, ...others, bmpFile('24')]
}

const edgeValues = [0, 0xffffffff, 0x7fffffff, 0x80000000, 1, 0xffff, 0x10000]

/** A file with a few of its bits, bytes, numbers or stretches changed, cut, doubled or taken from another. */
function mutant(files: Buffer[], random: (bound: number) => number): Buffer {
  const original = files[random(files.length)]!
  let bytes = Buffer.from(original)
  const place = () => random(bytes.length)
  const changes: (() => void)[] = [
    () => (bytes[place()]! ^= 1 << random(8)),
    () => (bytes[place()] = random(256)),
    () => (bytes = bytes.subarray(0, Math.max(16, place()))),
    () => bytes.writeUInt32BE(edgeValues[random(edgeValues.length)]!, Math.min(place(), bytes.length - 4)), // prettier-ignore
    () => bytes.writeUInt32LE(edgeValues[random(edgeValues.length)]!, Math.min(random(200), bytes.length - 4)), // prettier-ignore
    () => bytes.writeUInt16LE(random(65_536), Math.min(random(64), bytes.length - 2)),
    () => {
      const other = files[random(files.length)]!
      const [at, from] = [place(), random(other.length)]
      bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + random(400)), bytes.subarray(at)]) // prettier-ignore
    },
    () => {
      const at = place()
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(200))])
      if (bytes.length < 16) bytes = Buffer.from(original)
    },
    () => {
      const [at, length] = [place(), random(300)]
      const copies = Array.from({ length: 1 + random(20) }, () => bytes.subarray(at, at + length))
      bytes = Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)])
    },
  ]
  for (let left = 1 + random(5); left > 0; left--) changes[random(changes.length)]!()
  return bytes
}

/** What became of mutants, by the status that they are answered with. */
async function tally(
  count: number,
  random: (bound: number) => number,
  send: (bytes: Buffer) => Promise<{ status: number; detail: string }>,
) {
  const files = await originals()
  const statuses = new Map<number, number>()
  const odd: string[] = []
  let left = count
  const until = performance.now() + maxMs
  const client = async () => {
    while (left-- > 0 && performance.now() < until) {
      const bytes = mutant(files, random)
      const { status, detail } = await send(bytes)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (![200, 201, 400].includes(status)) {
        odd.push(`${status} ${detail}: ${bytes.toString('base64').slice(0, 4000)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  return { odd, counts: [...statuses].map(([status, all]) => `${all} x ${status}`).join(', ') }
}

test.each(Array.from({ length: rounds }, (_, round) => round + 1))(
  'whatever is sent as a picture is read or refused, round %i',
  { timeout: 120_000 },
  async (round) => {
    const random = randomBelow(round)
    for (const file of await originals()) expect((await server.search(file)).status).toBe(200)
    const gate = new DecodeGate(512e6)
    const decoded = await tally(mutants, random, async (bytes) => {
      try {
        await decodeImage(bytes, 50, { gate, patient: true })
        return { status: 200, detail: '' }
      } catch (error) {
        const { status = 0, message } = error as Partial<LookalikeError> & Error
        return { status, detail: message }
      }
    })
    const answered = await tally(mutants / 20, random, async (bytes) => {
      const send = random(4) === 0 ? server.index : server.search
      const { status, body } = await send(bytes)
      return { status, detail: body.detail }
    })
    if (rounds > 1) {
      const memory = Math.round(process.memoryUsage.rss() / 1e6)
      // oxlint-disable-next-line no-console
      console.log(`round ${round}: decoders ${decoded.counts}; server ${answered.counts}; memory ${memory} MB`) // prettier-ignore
    }
    expect([...decoded.odd, ...answered.odd]).toEqual([])
    expect([gate.running, gate.inUse]).toEqual([0, 0])
    expect(await server.uploads()).toEqual([])
    expect((await server.search(await jpeg(round))).status).toBe(200)
  },
)
