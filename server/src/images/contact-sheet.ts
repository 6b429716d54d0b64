import sharp, { type OverlayOptions } from 'sharp'
import { drawNumber } from './digits.ts'
import type { NormalisedImage } from './image.ts'

type Pixels = Pick<NormalisedImage, 'rgb' | 'width' | 'height'>

/** Of a cell with the gap beside it; a vision model is sent no more than it looks at. */
const maxCell = 256
const maxWidth = 1280
const usualColumns = 4
const gap = 4
const paper = { r: 245, g: 245, b: 245 }
/** Of a place without a picture, each of its channels. */
const blank = 200

/** How many pictures lie beside each other, and the edge of the square that each may fill, in pixels. */
function sheetGrid(count: number): { columns: number; cell: number } {
  const columns = Math.max(Math.min(count, usualColumns), Math.ceil(Math.sqrt(count)))
  return { columns, cell: Math.min(maxCell, Math.floor(maxWidth / columns)) }
}

/**
 * One JPEG of many pictures in rows, each with its number, from 1, in its upper left corner.
 *
 * @param pictures one after the other, so that one at a time is in memory; null leaves its place grey
 */
export async function drawContactSheet(
  pictures: readonly (() => Promise<NormalisedImage | null>)[],
): Promise<Buffer> {
  const { columns, cell } = sheetGrid(pictures.length)
  const inner = cell - gap
  const overlays: OverlayOptions[] = []
  let top = 0
  for (let first = 0; first < pictures.length; first += columns) {
    let tallest = 0
    for (const [column, read] of pictures.slice(first, first + columns).entries()) {
      const picture = await tile(await read(), inner)
      const label = drawNumber(first + column + 1, Math.max(2, Math.round(cell / 64)))
      const left = column * cell
      overlays.push({ left, top, ...overlay(picture) }, { left, top, ...overlay(label) })
      tallest = Math.max(tallest, picture.height, label.height)
    }
    top += tallest + gap
  }
  const width = columns * cell - gap
  return sharp({ create: { width, height: top - gap, channels: 3, background: paper } })
    .composite(overlays)
    .jpeg({ quality: 80 })
    .toBuffer()
}

async function tile(image: NormalisedImage | null, edge: number): Promise<Pixels> {
  if (!image) {
    return { rgb: new Uint8Array(edge * edge * 3).fill(blank), width: edge, height: edge }
  }
  const { data, info } = await sharp(image.rgb, {
    raw: { width: image.width, height: image.height, channels: 3 },
  })
    .resize(edge, edge, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { rgb: data, width: info.width, height: info.height }
}

function overlay({ rgb, width, height }: Pixels): OverlayOptions {
  return { input: Buffer.from(rgb), raw: { width, height, channels: 3 } }
}
