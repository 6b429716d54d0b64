import sharp, { type Sharp } from 'sharp'
import type { NormalisedImage } from '../../../src/images/image.ts'

/** Top left, top right, bottom left, bottom right. */
export const quarterColours = {
  red: [220, 30, 40],
  green: [20, 180, 60],
  blue: [30, 60, 210],
  yellow: [230, 210, 40],
} as const
export type QuarterName = keyof typeof quarterColours
export const upright: QuarterName[] = ['red', 'green', 'blue', 'yellow']

/** Row-major RGB of a picture whose four quarters differ, so that every turn of it does. */
export function quarterPixels(width = 64, height = 48): Uint8Array {
  const pixels = new Uint8Array(width * height * 3)
  const colours = Object.values(quarterColours)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      pixels.set(colours[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!, at)
    }
  }
  return pixels
}

export function quarters(width = 64, height = 48): Sharp {
  return sharp(quarterPixels(width, height), { raw: { width, height, channels: 3 } })
}

/** The colours in the middle of the four quarters. */
export function sampleQuarters({ rgb, width, height }: NormalisedImage): number[][] {
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([across, down]) => {
    const at = (Math.floor(height * down!) * width + Math.floor(width * across!)) * 3
    return [...rgb.subarray(at, at + 3)]
  })
}

/** Which quarter lies where; undefined for a colour that is none of them. */
export function quartersOf(image: NormalisedImage, within = 12): (QuarterName | undefined)[] {
  return sampleQuarters(image).map((sample) =>
    (Object.keys(quarterColours) as QuarterName[]).find((name) =>
      quarterColours[name].every((value, channel) => Math.abs(value - sample[channel]!) <= within),
    ),
  )
}

/** The largest difference of any channel, in levels of 255, from the colours that were meant. */
export function worstLevel(image: NormalisedImage, order: QuarterName[] = upright): number {
  return Math.max(
    ...sampleQuarters(image).flatMap((sample, quarter) =>
      sample.map((value, channel) => Math.abs(value - quarterColours[order[quarter]!][channel]!)),
    ),
  )
}

/** How the quarters lie once an EXIF orientation is heeded. */
export const turnedQuarters: Record<number, QuarterName[]> = {
  1: ['red', 'green', 'blue', 'yellow'],
  2: ['green', 'red', 'yellow', 'blue'],
  3: ['yellow', 'blue', 'green', 'red'],
  4: ['blue', 'yellow', 'red', 'green'],
  5: ['red', 'blue', 'green', 'yellow'],
  6: ['blue', 'red', 'yellow', 'green'],
  7: ['yellow', 'green', 'blue', 'red'],
  8: ['green', 'yellow', 'red', 'blue'],
}
