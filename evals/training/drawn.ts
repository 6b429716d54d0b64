import sharp, { type Sharp } from 'sharp'
import { randomNumbers } from '../random.ts'

/** A square of sRGB, 3 bytes a pixel, as somebody might have drawn it. `random` is another number of 0 to 1 each time. */
type Drawing = (rgb: Uint8Array, random: () => number) => Promise<Uint8Array>

const paper = [246, 242, 228] as const
const ink = 60

/** Lines on paper, with a little of the colours. */
const pencil: Drawing = async (rgb, random) => {
  const lines = await lineArt(rgb)
  const kept = 0.1 + 0.25 * random()
  return rgb.map((value, at) => {
    const ground = paper[at % 3]! * (1 - kept) + kept * value
    const bare = Math.max(0, 1 - (1 - lines[Math.floor(at / 3)]!) * 3)
    return ink + (ground - ink) * bare
  })
}

/** Eight colours without edges of their own. */
const flat: Drawing = async (rgb) => {
  const few = square(rgb).median(7).png({ palette: true, colours: 8, dither: 0, effort: 4 })
  return pixels(sharp(await few.toBuffer()).median(5))
}

/** A few strong colours with outlines. */
const cartoon: Drawing = async (rgb) => {
  const strong = square(rgb).median(5).modulate({ saturation: 1.6, brightness: 1.1 })
  const few = strong.png({ palette: true, colours: 10, dither: 0, effort: 4 })
  const filled = await pixels(sharp(await few.toBuffer()))
  const lines = await lineArt(rgb)
  return filled.map((value, at) => value * (lines[Math.floor(at / 3)]! < 0.8 ? 0.15 : 1))
}

/** As by night or at sunset: nearly all between a dark colour and a lighter one. */
const tinted: Drawing = async (rgb, random) => {
  const dark = [random() * 70, random() * 50, random() * 90]
  const light = [120 + random() * 135, 90 + random() * 165, 90 + random() * 165]
  const share = 0.6 + 0.3 * random()
  const dimmed = 0.5 + 0.5 * random()
  const smooth = await pixels(square(rgb).median(3))
  return smooth.map((value, at) => {
    const part = at % 3
    const lightness = (grey(smooth, at - part) / 255) * dimmed
    return share * (dark[part]! + lightness * (light[part]! - dark[part]!)) + (1 - share) * value
  })
}

/** Pale colours that run, on ground that is not even. */
const wash: Drawing = async (rgb, random) => {
  const soft = await pixels(square(rgb).median(9).blur(1.2))
  const edge = edgeOf(rgb)
  const spots = Uint8Array.from({ length: 14 * 14 * 3 }, () => 100 + 155 * random())
  const stains = await pixels(
    sharp(spots, { raw: { width: 14, height: 14, channels: 3 } }).resize(edge, edge, {
      kernel: 'cubic',
      fit: 'fill',
    }),
  )
  return soft.map((value, at) => 0.8 * (255 - 0.65 * (255 - value)) + 0.2 * stains[at]!)
}

const drawings = [pencil, flat, cartoon, tinted, wash]
export const drawingCount = drawings.length

/** A square in each of the ways of drawing; the same for the same `seed`. */
export async function drawn(rgb: Uint8Array, seed: number): Promise<Uint8Array[]> {
  const made: Uint8Array[] = []
  for (const [way, draw] of drawings.entries()) {
    made.push(await draw(rgb, randomNumbers(seed * drawings.length + way + 1)))
  }
  return made
}

/** By pixel, how bright it is beside its surroundings: 1 for as bright or brighter. */
async function lineArt(rgb: Uint8Array): Promise<Float32Array> {
  const greys = Uint8Array.from({ length: rgb.length / 3 }, (_, pixel) => grey(rgb, pixel * 3))
  const edge = edgeOf(rgb)
  const blurred = (sigma: number) =>
    sharp(greys, { raw: { width: edge, height: edge, channels: 1 } })
      .blur(sigma)
      .toColourspace('b-w')
      .raw()
      .toBuffer()
  const [fine, coarse] = [await blurred(1), await blurred(4)]
  return Float32Array.from(fine, (value, at) => Math.min(1, (value + 8) / (coarse[at]! + 8)))
}

function grey(rgb: Uint8Array, at: number): number {
  return 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!
}

function edgeOf(rgb: Uint8Array): number {
  return Math.sqrt(rgb.length / 3)
}

function square(rgb: Uint8Array): Sharp {
  const edge = edgeOf(rgb)
  return sharp(rgb, { raw: { width: edge, height: edge, channels: 3 } })
}

async function pixels(image: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await image.toColourspace('srgb').removeAlpha().raw().toBuffer())
}
