import { describe } from './describe/describe.ts'
import { halved, toRaster } from './features/raster.ts'
import type { Agreement } from '../embedder.ts'
import { agreement } from './model/agreement.ts'
import { Eye } from './model/eye.ts'
import { loadModel } from './model/learned.ts'
import { namesOf } from './names/recognise.ts'

/** A picture as the network takes it: a square, 3 bytes of sRGB a pixel. */
export interface EmbedTask {
  readonly kind: 'embed'
  readonly rgb: Uint8Array
  /** Of the file as it arrived, in pixels. */
  readonly width: number
  readonly height: number
}

export interface CompareTask {
  readonly kind: 'compare'
  readonly pair: readonly [Uint8Array, Uint8Array]
}

export interface EmbedResult {
  readonly vector: Float32Array
  readonly description: string
  readonly measured: string
  readonly tags: readonly string[]
}

const model = loadModel()
const eye = new Eye(model)

/** What a thread of the embedder's pool runs. */
export default function work(task: EmbedTask | CompareTask): EmbedResult | Agreement {
  if (task.kind === 'compare') return agreement(eye, task.pair)
  const { rgb, width, height } = task
  const { vector, scores } = eye.see(rgb)
  const names = namesOf(scores, model.trust)
  const measured = describe({ width, height }, toRaster(halved(rgb)))
  return {
    vector,
    description: names.sentence ? `${names.sentence} ${measured}` : measured,
    measured,
    tags: names.tags,
  }
}
