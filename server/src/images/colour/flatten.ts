import type { Pixels } from '../decoders/pixels.ts'
import type { Area } from '../sniffing/gif.ts'

const white = 255
const grounds = [white, 0, 128]
/** A colour nearer to the ground than this, in levels of 255, is not seen on it. */
const unseen = 40
/** More of a picture than this share has to vanish on white before another ground is looked for. */
const tolerated = 0.25

/**
 * Flattens RGBA on white, or, where much of what is visible would vanish there, on the one of black and
 * middle grey on which less does: a white logo on nothing is a picture too.
 *
 * @param rgba four bytes a pixel, not premultiplied
 * @returns three bytes a pixel
 */
export function flatten(rgba: Uint8Array): Uint8Array {
  const ground = groundFor(rgba)
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    const alpha = rgba[from + 3]! / 255
    for (let channel = 0; channel < 3; channel++) {
      rgb[to++] = Math.round(rgba[from + channel]! * alpha + ground * (1 - alpha))
    }
  }
  return rgb
}

function groundFor(rgba: Uint8Array): number {
  const vanished = grounds.map(() => 0)
  let visible = 0
  let hidden = 0
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3]!
    visible += alpha
    hidden += 255 - alpha
    grounds.forEach((ground, index) => {
      const off = Math.max(
        Math.abs(rgba[at]! - ground),
        Math.abs(rgba[at + 1]! - ground),
        Math.abs(rgba[at + 2]! - ground),
      )
      if (off < unseen) vanished[index]! += alpha
    })
  }
  if (hidden === 0 || vanished[0]! <= tolerated * visible) return white
  return grounds[vanished.indexOf(Math.min(...vanished))]!
}

/** The same picture with nothing outside of an area, which counts in pixels of the file. */
export function hideOutside(pixels: Pixels, { left, top, width, height }: Area): Pixels {
  const { source } = pixels
  if (left === 0 && top === 0 && width >= source.width && height >= source.height) return pixels
  const across = pixels.width / source.width
  const down = pixels.height / source.height
  const data = new Uint8Array(pixels.width * pixels.height * 4)
  for (let y = 0, from = 0, to = 0; y < pixels.height; y++) {
    const inRow = y >= Math.round(top * down) && y < Math.round((top + height) * down)
    for (let x = 0; x < pixels.width; x++, from += pixels.channels, to += 4) {
      const inside = inRow && x >= Math.round(left * across) && x < Math.round((left + width) * across) // prettier-ignore
      if (!inside) continue
      data.set(pixels.data.subarray(from, from + pixels.channels), to)
      if (pixels.channels === 3) data[to + 3] = 255
    }
  }
  return { ...pixels, data, channels: 4 }
}
