import type {
  NetworkLayers,
  NetworkShape,
} from '../../../server/src/embedders/visual/network/shape.ts'
import { Network } from '../../../server/src/embedders/visual/network/network.ts'

/** Of a picture: the sums of the head's map by channel, then its maxima. */
export class HeadFeatures {
  readonly #network: Network
  readonly #head: number

  constructor(shape: NetworkShape, layers: NetworkLayers) {
    this.#network = new Network(shape, layers)
    this.#head = shape.head
  }

  /** Pixels of the map that are summed. */
  get pixels(): number {
    return this.#network.mapEdge ** 2
  }

  of(rgb: Uint8Array): Float32Array {
    const { map } = this.#network.run(rgb)
    const features = new Float32Array(2 * this.#head)
    for (let at = 0, channel = 0; at < map.length; at++) {
      const value = map[at]!
      features[channel]! += value
      const most = this.#head + channel
      if (value > features[most]!) features[most] = value
      if (++channel === this.#head) channel = 0
    }
    return features
  }
}

/** The mirror image of a square. */
export function mirrored(rgb: Uint8Array): Uint8Array {
  const edge = Math.sqrt(rgb.length / 3)
  const image = new Uint8Array(rgb.length)
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      const from = (y * edge + x) * 3
      image.set(rgb.subarray(from, from + 3), (y * edge + edge - 1 - x) * 3)
    }
  }
  return image
}
