import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  rasterEdge,
  toRaster,
  type Raster,
} from '../../server/src/embedders/visual/features/raster.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import { resizePixels } from '../../server/src/images/encode.ts'

/** Every picture file below a folder, in a fixed order. */
export async function listPictures(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return names
    .filter((name) => /\.(jpe?g|png|webp|avif|gif|tiff?)$/i.test(name))
    .sort()
    .map((name) => join(folder, name))
}

export async function loadRaster(path: string): Promise<Raster> {
  const image = await decodeImage(path, 100)
  return toRaster(await resizePixels(image, rasterEdge, rasterEdge))
}
