import { cutPixels } from './encode.ts'
import { normalisedEdge, type NormalisedImage } from './image.ts'

/** x, y, width and height, in fractions of the upright picture. */
export type Region = readonly [x: number, y: number, width: number, height: number]

const largestEdge = 8192

/**
 * The long edge at which a picture is to be decoded, so that its region has the pixels of a normalised image, as far as the
 * file has them.
 */
export function edgeForRegion([, , width, height]: Region): number {
  return Math.min(largestEdge, Math.ceil(normalisedEdge / Math.min(width, height)))
}

/**
 * The region as a picture of its own, its long edge at most {@link normalisedEdge}.
 *
 * @param image as it was decoded at {@link edgeForRegion}
 */
export async function cropTo(image: NormalisedImage, region: Region): Promise<NormalisedImage> {
  const [left, width] = span(region[0], region[2], image.width)
  const [top, height] = span(region[1], region[3], image.height)
  const scale = Math.min(1, normalisedEdge / Math.max(width, height))
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
  const rgb = await cutPixels(image, { left, top, width, height }, size)
  return { rgb, ...size, source: image.source }
}

/** Where so much of an edge begins, and how many pixels it has: at least one. */
function span(from: number, share: number, pixels: number): [number, number] {
  const start = Math.min(pixels - 1, Math.round(from * pixels))
  const end = Math.min(pixels, Math.round((from + share) * pixels))
  return [start, Math.max(1, end - start)]
}
