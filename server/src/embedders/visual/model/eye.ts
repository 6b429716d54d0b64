import { fastestKernel, type KernelName } from '../network/kernel.ts'
import { Network } from '../network/network.ts'
import { blockChannels, packPointwise, tilePixels } from '../network/pack.ts'
import { vectorLength, type LearnedModel } from './learned.ts'

/** What is seen in one picture. */
export interface Seen {
  /** Unit length, `vectorLength` numbers. */
  readonly vector: Float32Array
  /** Scores of the classes before softmax. */
  readonly scores: Float64Array
}

/** A vector shorter than this has no direction. */
const shortest = 1e-9

/**
 * Turns pictures into vectors and class scores. Sums of products are integers; what follows are additions,
 * multiplications and a square root of 64-bit floats in a fixed order: the same bits on every machine.
 * Not to be shared between threads: it reuses its memory.
 */
export class Eye {
  /** Edge of the map that {@link cells} tells about. */
  readonly mapEdge: number
  readonly #network: Network
  readonly #model: LearnedModel
  readonly #pooled: number
  readonly #rows: number
  readonly #channels: number
  readonly #products: number
  readonly #sums: Uint16Array

  constructor(model: LearnedModel, kernel: KernelName = fastestKernel()) {
    const { shape, sums, maxima, classifier } = model
    const rows = new Int8Array(sums.rows.length + maxima.rows.length + classifier.rows.length)
    rows.set(sums.rows)
    rows.set(maxima.rows, sums.rows.length)
    rows.set(classifier.rows, sums.rows.length + maxima.rows.length)
    const count = rows.length / shape.head
    this.#channels = Math.ceil(count / blockChannels) * blockChannels
    const pixels = Math.ceil(shape.edge / 32) ** 2
    const bytes =
      (this.#channels + tilePixels) * shape.head +
      4 * Math.max(tilePixels * this.#channels, pixels * vectorLength) +
      256
    this.#network = new Network(shape, model.layers, bytes, kernel)
    this.mapEdge = this.#network.mapEdge
    this.#model = model
    this.#sums = new Uint16Array(shape.head)
    this.#pooled = this.#network.take(tilePixels * shape.head)
    this.#rows = this.#network.place(packPointwise(rows, shape.head, count))
    this.#products = this.#network.take(
      4 * Math.max(tilePixels * this.#channels, pixels * vectorLength),
    )
  }

  /** @param rgb a square of `shape.edge` pixels, 3 bytes of sRGB each */
  see(rgb: Uint8Array): Seen {
    const { shape, sums, maxima, offsets, classifier } = this.#model
    this.#pool(this.#network.run(rgb).map)
    const products = this.#network.products(this.#pooled, shape.head, this.#rows, this.#products, {
      rows: tilePixels,
      inputs: shape.head,
      channels: this.#channels,
    })
    // A sum takes more than the 7 bits of an operand: its upper and lower bits are two rows.
    const ofSums = (row: number) => 128 * products[row]! + products[this.#channels + row]!
    const ofMaxima = (row: number) => products[2 * this.#channels + row]!
    const vector = new Float64Array(vectorLength)
    for (let at = 0; at < vectorLength; at++) {
      vector[at] =
        sums.scales[at]! * ofSums(at) +
        maxima.scales[at]! * ofMaxima(vectorLength + at) -
        offsets[at]!
    }
    const scores = Float64Array.from(
      classifier.bias,
      (bias, at) => classifier.scales[at]! * ofSums(2 * vectorLength + at) + bias,
    )
    return { vector: unit(vector), scores }
  }

  /**
   * What each place of the last map adds to the vector, before that is brought to unit length: `mapEdge` squared rows
   * of `vectorLength`, which sum up to it. A maximum belongs to the place where it is reached, the first of several.
   */
  cells(rgb: Uint8Array): Float64Array {
    const { shape, sums, maxima, offsets } = this.#model
    const { map, at } = this.#network.run(rgb)
    const pixels = this.mapEdge ** 2
    const products = this.#network.products(at, shape.head, this.#rows, this.#products, {
      rows: pixels,
      inputs: shape.head,
      channels: vectorLength,
    })
    const cells = Float64Array.from(
      products,
      (product, index) =>
        sums.scales[index % vectorLength]! * product - offsets[index % vectorLength]! / pixels,
    )
    for (let channel = 0; channel < shape.head; channel++) {
      const place = highest(map, channel, shape.head)
      const value = map[place * shape.head + channel]!
      for (let row = 0; row < vectorLength; row++) {
        cells[place * vectorLength + row]! +=
          maxima.scales[row]! * maxima.rows[row * shape.head + channel]! * value
      }
    }
    return cells
  }

  #pool(map: Uint8Array): void {
    const { head } = this.#model.shape
    const sums = this.#sums.fill(0)
    const pooled = this.#network.bytes(this.#pooled, 3 * head)
    const maxima = pooled.subarray(2 * head).fill(0)
    for (let at = 0; at < map.length; at += head) {
      for (let channel = 0; channel < head; channel++) {
        const value = map[at + channel]!
        sums[channel]! += value
        if (value > maxima[channel]!) maxima[channel] = value
      }
    }
    for (let channel = 0; channel < head; channel++) {
      pooled[channel] = sums[channel]! >> 7
      pooled[head + channel] = sums[channel]! & 127
    }
  }
}

/** The place of a map where a channel is highest. */
function highest(map: Uint8Array, channel: number, channels: number): number {
  let best = 0
  for (let place = 1; place < map.length / channels; place++) {
    if (map[place * channels + channel]! > map[best * channels + channel]!) best = place
  }
  return best
}

/** A vector of (nearly) nothing becomes the first axis, so that a score is always a number. */
export function unit(vector: Float64Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  const length = Math.sqrt(squares)
  if (length < shortest) return Float32Array.from(vector, (_, at) => (at === 0 ? 1 : 0))
  return Float32Array.from(vector, (value) => value / length)
}
