import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { NormalisedImage } from '../../../src/images/image.ts'
import { resizePixels } from '../../../src/images/encode.ts'
import openVisualEmbedder from '../../../src/embedders/visual/index.ts'
import { Eye, unit } from '../../../src/embedders/visual/model/eye.ts'
import { loadModel, modelFile } from '../../../src/embedders/visual/model/learned.ts'

type Paint = (x: number, y: number) => [number, number, number]

function picture(width: number, height: number, paint: Paint): NormalisedImage {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgb.set(paint(x, y), (y * width + x) * 3)
  }
  return { rgb, width, height, source: { format: 'png', width, height } }
}

/** A sky over a sea with a round sun: enough edges and colours to be unlike the others. */
const seaside: Paint = (x, y) => {
  if ((x - 300) ** 2 + (y - 120) ** 2 < 3600) return [245, 135, 30]
  return y < 200 ? [130, 190, 235] : [20, 60 + ((x * 7 + y * 13) % 40), 75]
}
const chequers: Paint = (x, y) => (((x >> 5) + (y >> 5)) % 2 ? [200, 40, 40] : [240, 235, 215])

const embedder = openVisualEmbedder()
const context = { signal: new AbortController().signal }
const embed = (...images: NormalisedImage[]) =>
  Promise.all(images.map((image) => embedder.embedImage(image, context)))

function cosine(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * other[index]!, 0)
}

describe('vectors', () => {
  const odd: Record<string, NormalisedImage> = {
    'one pixel': picture(1, 1, () => [9, 99, 199]),
    'one pixel wide, very tall': picture(1, 1024, (_, y) => [y % 256, 0, 0]),
    'very wide, one pixel tall': picture(1024, 1, (x) => [0, x % 256, 0]),
    black: picture(64, 64, () => [0, 0, 0]),
    white: picture(64, 64, () => [255, 255, 255]),
    'grey ramp': picture(256, 40, (x) => [x, x, x]),
  }
  test.each(Object.entries(odd))('%s: finite and of unit length', async (_, image) => {
    const [{ vector } = { vector: new Float32Array() }] = await embed(image)
    expect(vector.length).toBe(embedder.dimensions)
    expect(vector.every(Number.isFinite)).toBe(true)
    expect(cosine(vector, vector)).toBeCloseTo(1, 5)
  })

  test('the same picture gives the same bits: alone, beside others, in this thread', async () => {
    const image = picture(400, 300, seaside)
    const [alone] = await embed(image)
    const batch = await embed(...Array.from({ length: 6 }, () => picture(90, 90, chequers)), image)
    expect(batch.at(-1)!.vector).toEqual(alone!.vector)
    const model = loadModel()
    const rgb = await resizePixels(image, model.shape.edge, model.shape.edge)
    expect(new Eye(model).see(rgb).vector).toEqual(alone!.vector)
  })

  test('another process computes the same bits, and ends by itself', async () => {
    const script = `
      import openVisualEmbedder from ${JSON.stringify(new URL('../../../src/embedders/visual/index.ts', import.meta.url).href)}
      const rgb = Uint8Array.from({ length: 97 * 61 * 3 }, (_, at) => (at * at) % 251)
      const image = { rgb, width: 97, height: 61, source: { format: 'png', width: 97, height: 61 } }
      const { signal } = new AbortController()
      const result = await openVisualEmbedder().embedImage(image, { signal })
      console.log(Buffer.from(result.vector.buffer).toString('hex'))`
    const args = ['--input-type=module', '--eval', script]
    const runs = await Promise.all([0, 1].map(() => promisify(execFile)(process.execPath, args)))
    const rgb = Uint8Array.from({ length: 97 * 61 * 3 }, (_, at) => (at * at) % 251)
    const size = { width: 97, height: 61 }
    const [here] = await embed({ rgb, ...size, source: { format: 'png', ...size } })
    const bits = Buffer.from(here!.vector.buffer).toString('hex')
    expect(runs.map(({ stdout }) => stdout.trim())).toEqual([bits, bits])
  })

  test('a half-size copy scores above 0.95, another picture far below', async () => {
    const original = picture(400, 300, seaside)
    const rgb = await resizePixels(original, 200, 150)
    const [full, half, other] = await embed(
      original,
      { ...original, rgb, width: 200, height: 150 },
      picture(400, 300, chequers),
    )
    expect(cosine(full!.vector, half!.vector)).toBeGreaterThan(0.95)
    expect(cosine(full!.vector, other!.vector)).toBeLessThan(0.7)
  })

  test('an aborted call stops', async () => {
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(embedder.embedImage(picture(9, 9, chequers), { signal })).rejects.toThrow('gone')
  })
})

describe('where two pictures agree', () => {
  const compare = (one: NormalisedImage, other: NormalisedImage) =>
    embedder.compare!(one, other, context)
  /** Sums of the left and the right half of a map. */
  const halves = (map: Float32Array, edge: number) =>
    map.reduce(
      (sums, value, at) => {
        sums[at % edge < edge / 2 ? 0 : 1]! += value
        return sums
      },
      [0, 0],
    )

  test('a picture agrees with itself in everything', async () => {
    const image = picture(400, 300, seaside)
    const { edge, maps, parts } = await compare(image, image)
    expect(edge).toBeGreaterThanOrEqual(7)
    for (const map of maps) {
      expect(map).toHaveLength(edge * edge)
      expect(Math.max(...map)).toBe(1)
      expect(Math.min(...map)).toBeGreaterThanOrEqual(0)
    }
    expect(maps[0]).toEqual(maps[1])
    for (const share of Object.values(parts)) expect(share).toBeCloseTo(1, 5)
  })

  test('with a half of itself it agrees on that side', async () => {
    const plain: Paint = () => [128, 128, 128]
    const left = picture(400, 400, (x, y) => (x < 200 ? chequers(x, y) : plain(x, y)))
    const right = picture(400, 400, (x, y) => (x < 200 ? plain(x, y) : chequers(x, y)))
    const whole = picture(400, 400, chequers)
    const [inLeft] = (await compare(left, whole)).maps.map((map) => halves(map, 7))
    const [inRight] = (await compare(right, whole)).maps.map((map) => halves(map, 7))
    // The middle column counts as left.
    expect(inLeft![0]! / inLeft![1]!).toBeGreaterThan(inRight![0]! / inRight![1]!)
  })

  test('what it shows does not lie half a place beside the thing', async () => {
    const disc =
      (centre: number): Paint =>
      (x, y) =>
        (x - centre) ** 2 + (y - 223.5) ** 2 < 80 ** 2 ? chequers(x, y) : [128, 128, 128]
    const middles = [150, 447 - 150].map(async (centre) => {
      const image = picture(448, 448, disc(centre))
      const { maps, edge } = await compare(image, image)
      const sum = maps[0].reduce((total, value) => total + value)
      return maps[0].reduce((total, value, at) => total + (value * (at % edge)) / sum, 0)
    })
    // As far from the left as from the right: together the last of 7 columns.
    const [left, right] = await Promise.all(middles)
    expect(Math.abs(left! + right! - 6)).toBeLessThan(0.5)
  })

  test('what the places add is the whole vector', async () => {
    const eye = new Eye(loadModel())
    const rgb = await resizePixels(picture(400, 300, seaside), 224, 224)
    const cells = eye.cells(rgb)
    const sums = new Float64Array(embedder.dimensions)
    cells.forEach((value, at) => (sums[at % sums.length]! += value))
    expect(cosine(unit(sums), eye.see(rgb).vector)).toBeCloseTo(1, 6)
  })

  test('other colours share fewer of them', async () => {
    const { parts } = await compare(picture(90, 90, chequers), picture(90, 90, seaside))
    expect(parts.colours).toBeLessThan(0.3)
  })
})

test('the model is one file of at most 8 MB', async () => {
  expect((await stat(modelFile)).size).toBeLessThanOrEqual(8e6)
})

describe('descriptions say what was measured, after a name where one is probable', () => {
  test.each([
    [picture(400, 300, seaside), /\bA landscape-format picture, mostly sky blue \(\d+ %\)/],
    [picture(400, 300, seaside), /touch of orange \(\d %\)/],
    [picture(300, 400, chequers), /\bA portrait-format picture, .*red.*strong contrast/],
    [picture(50, 50, () => [0, 0, 0]), /\bA square picture, all black.*very dark.*without detail/],
    [picture(256, 256, (x) => [x, x, x]), /nearly colourless/],
    [picture(1024, 1, () => [255, 0, 0]), /\bA very wide picture, all red.*warm/],
  ])('%#', async (image, expected) => {
    const [{ description } = { description: '' }] = await embed(image)
    expect(description).toMatch(expected)
  })
})
