import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'

const photoFolder = join(import.meta.dirname, '../../../../shared/photos')

/** Whether the labelled photographs are at hand. */
export const havePhotos = existsSync(photoFolder)

/** Photographs of one set, `perClass` of each class, read when asked for. */
export function photos(set: string, perClass: number): { name: string; bytes: Buffer }[] {
  return readdirSync(join(photoFolder, set)).flatMap((label) =>
    readdirSync(join(photoFolder, set, label))
      .slice(0, perClass)
      .map((file) => ({
        name: `${label}/${file}`,
        bytes: readFileSync(join(photoFolder, set, label, file)),
      })),
  )
}

/**
 * A picture of coloured blotches, `cells` across, that depends on the seed alone: no two seeds look
 * alike.
 */
export function picture(seed: number, width = 320, height = 240, cells = 6): Sharp {
  const data = new Uint8Array(cells * cells * 3)
  let state = (seed + 1) * 2654435761
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0
    data[at] = state >>> 24
  }
  return sharp(data, { raw: { width: cells, height: cells, channels: 3 } }).resize(width, height, {
    fit: 'fill',
    kernel: 'cubic',
  })
}

export function jpeg(seed: number, width?: number, height?: number): Promise<Buffer> {
  return picture(seed, width, height).jpeg({ quality: 90 }).toBuffer()
}
