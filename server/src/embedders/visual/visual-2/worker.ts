import { describe } from '../describe/describe.ts'
import { toRaster } from '../features/raster.ts'
import { loadModel, VisualModel } from './model.ts'

export interface VisualTask {
  /** The picture at `rasterEdge` x `rasterEdge`, 3 bytes of sRGB a pixel. */
  readonly rgb: Uint8Array
  /** Of the file as it arrived, in pixels. */
  readonly width: number
  readonly height: number
}

export interface VisualResult {
  readonly vector: Float32Array
  readonly description: string
}

const model = new VisualModel(loadModel())

/** What a thread of the embedder's pool runs. */
export default function embed({ rgb, width, height }: VisualTask): VisualResult {
  const raster = toRaster(rgb)
  return { vector: model.vectorOf(raster), description: describe({ width, height }, raster) }
}
