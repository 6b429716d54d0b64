import type { NormalisedImage } from '../images/image.ts'

/** So many are looked at. */
export const meaninglessPictures = 48

const edge = 128

/**
 * A picture that shows nothing, the same one for the same number: noise of all scales, or discs that cover each other. Both
 * have what photographs have in common apart from what they show: spectra, edges, occlusion.
 * Sources: Lee, Mumford, Huang, Occlusion Models for Natural Images, IJCV 41, 2001; Baradad et al., Learning to See by Looking
 * at Noise, NeurIPS 2021.
 */
export function meaninglessPicture(number: number): NormalisedImage {
  const random = randomFrom(number + 1)
  const rgb = number % 2 === 0 ? noise(random) : leaves(random)
  return { rgb, width: edge, height: edge, source: { format: 'png', width: edge, height: edge } }
}

type Random = () => number

/** Octaves of smooth noise around one colour, the coarser the stronger. */
function noise(random: Random): Uint8Array {
  const rgb = new Float64Array(edge * edge * 3)
  const base = colour(random)
  for (let at = 0; at < rgb.length; at++) rgb[at] = base[at % 3]!
  const fall = 0.4 + 0.4 * random()
  let strength = 60 + 100 * random()
  for (let cells = 2; cells <= 64; cells *= 2, strength *= fall) {
    const tint = [0.5 + random(), 0.5 + random(), 0.5 + random()]
    const corners = Float64Array.from({ length: (cells + 1) ** 2 }, () => 2 * random() - 1)
    for (let y = 0; y < edge; y++) {
      for (let x = 0; x < edge; x++) {
        const value = strength * smooth(corners, cells, (x * cells) / edge, (y * cells) / edge)
        for (let channel = 0; channel < 3; channel++) {
          rgb[(y * edge + x) * 3 + channel]! += value * tint[channel]!
        }
      }
    }
  }
  return Uint8Array.from(rgb, bounded)
}

/** Between the four corners around a place. */
function smooth(corners: Float64Array, cells: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - left, y - top].map((part) => part * part * (3 - 2 * part)) as [number, number] // prettier-ignore
  const at = top * (cells + 1) + left
  const upper = corners[at]! * (1 - right) + corners[at + 1]! * right
  const lower = corners[at + cells + 1]! * (1 - right) + corners[at + cells + 2]! * right
  return upper * (1 - down) + lower * down
}

/** Discs whose number falls with the third power of their size, each over those before it, and a little noise on all. */
function leaves(random: Random): Uint8Array {
  const rgb = new Uint8Array(edge * edge * 3)
  const least = 2 + 6 * random()
  const palette = Array.from({ length: 3 + Math.floor(6 * random()) }, () => colour(random))
  for (let disc = 0; disc < 1200; disc++) {
    const radius = Math.min(edge / 2, least / Math.sqrt(1 - 0.999 * random()))
    const [middleX, middleY] = [edge * random(), edge * random()]
    const shade = 0.7 + 0.5 * random()
    const fill = palette[Math.floor(palette.length * random())]!.map((each) => bounded(each * shade)) // prettier-ignore
    for (
      let y = Math.max(0, Math.floor(middleY - radius));
      y < Math.min(edge, middleY + radius);
      y++
    ) {
      for (
        let x = Math.max(0, Math.floor(middleX - radius));
        x < Math.min(edge, middleX + radius);
        x++
      ) {
        if (Math.hypot(x - middleX, y - middleY) < radius) rgb.set(fill, (y * edge + x) * 3)
      }
    }
  }
  return rgb.map((value) => bounded(value + 12 * (random() - 0.5)))
}

function colour(random: Random): number[] {
  const grey = 40 + 175 * random()
  const spread = 140 * random() * random()
  return Array.from({ length: 3 }, () => grey + spread * (2 * random() - 1))
}

function bounded(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}

/** Numbers from 0 to below 1 that look random: mulberry32, by Tommy Ettinger. */
function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b9)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
