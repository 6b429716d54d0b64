import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeImage } from '../../../src/images/decode.ts'
import { resizePixels } from '../../../src/images/encode.ts'
import { Eye } from '../../../src/embedders/visual/model/eye.ts'
import { loadModel } from '../../../src/embedders/visual/model/learned.ts'
import { referenceVector } from '../network-reference.ts'

/** `npm run test:bits` takes all 100: the slow reference needs seconds for each. */
const wanted = Number(process.env['BITS_PICTURES'] ?? 1)
const samples = new URL('../../../../samples/pictures/', import.meta.url)
const model = loadModel()
const { edge } = model.shape

/** Spots and stripes of whole numbers, which no machine computes differently. */
function painted(seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: edge * edge * 3 }, (_, at) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const [x, y] = [Math.floor(at / 3) % edge, Math.floor(at / 3 / edge)]
    const stripes = ((x * (seed + 3)) >> 4) ^ ((y * (seed + 7)) >> 5)
    return (stripes * (40 + (at % 3) * 30) + (state >>> 27)) & 255
  })
}

/** The drawings of this repository and as many painted ones as make 100, taken evenly. */
async function pictures(count: number): Promise<Uint8Array[]> {
  const files = readdirSync(samples).sort()
  const squares: Uint8Array[] = []
  for (let at = 0; at < count; at++) {
    const index = Math.floor((at * 100) / count)
    const file = files[index]
    squares.push(
      file
        ? await resizePixels(await decodeImage(new URL(file, samples).pathname, 100), edge, edge)
        : painted(index),
    )
  }
  return squares
}

function hashOf(vectors: readonly Float32Array[]): string {
  const hash = createHash('sha256')
  for (const vector of vectors) hash.update(new Uint8Array(vector.buffer))
  return hash.digest('hex')
}

test(
  `embeddings have one hash, ${wanted} of 100: of the relaxed kernel, the plain one and the reference`,
  { timeout: 5000 + wanted * 20_000 },
  async () => {
    const squares = await pictures(wanted)
    const hashes = (['relaxed', 'plain'] as const).map((kernel) => {
      const eye = new Eye(model, kernel)
      return hashOf(squares.map((rgb) => eye.see(rgb).vector))
    })
    const reference = hashOf(squares.map((rgb) => referenceVector(model, rgb)))
    expect(hashes).toEqual([reference, reference])
  },
)

test('28 painted pictures have the embeddings that are written down here, on every machine', () => {
  const eye = new Eye(model)
  const vectors = Array.from({ length: 28 }, (_, at) => eye.see(painted(72 + at)).vector)
  expect(hashOf(vectors)).toMatchInlineSnapshot(
    `"8a8313bc41540a11ad30b853d365b1de8e0007cd6138b9e017a31a91a1f91bd6"`,
  )
})
