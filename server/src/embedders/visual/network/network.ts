import { fastestKernel, openKernel, type KernelFunctions, type KernelName } from './kernel.ts'
import { packDepthwise, packPointwise } from './pack.ts'
import {
  outside,
  padded,
  stemRow,
  stemTaps,
  strided,
  type BlockShape,
  type Layer,
  type NetworkLayers,
  type NetworkShape,
} from './shape.ts'

/** Addresses of a layer in the kernel's memory. */
interface Placed {
  readonly weights: number
  readonly bias: number
  readonly scales: number
}

interface PlacedBlock extends BlockShape {
  readonly edge: number
  readonly expand: Placed | undefined
  readonly depthwise: Placed
  readonly project: Placed
}

const slack = 4096

/**
 * EfficientNet-Lite in integers. Activations are bytes of 0..127, pixel by pixel, a pixel's channels side by side.
 * Not to be shared between threads: it reuses its memory.
 */
export class Network {
  readonly shape: NetworkShape
  /** Edge of the last map. */
  readonly mapEdge: number
  readonly #kernel: KernelFunctions
  readonly #memory: Uint8Array
  readonly #image: number
  readonly #rows: number
  readonly #zeros: number
  readonly #scratch: Record<3 | 5, number>
  readonly #line: number
  readonly #narrow: [number, number]
  readonly #wide: [number, number]
  readonly #stem: Placed
  readonly #blocks: PlacedBlock[]
  readonly #head: Placed
  #used: number

  /** @param more bytes of memory for {@link place} */
  constructor(
    shape: NetworkShape,
    layers: NetworkLayers,
    more = 0,
    name: KernelName = fastestKernel(),
  ) {
    this.shape = shape
    const plan = planOf(shape)
    this.#kernel = openKernel(name, plan.bytes + weightBytes(layers) + more)
    this.#memory = new Uint8Array(this.#kernel.memory.buffer)
    this.#used = slack
    this.#image = this.take((shape.edge + 2) ** 2 * 3 + slack)
    this.#rows = this.take(strided(shape.edge, 2) * stemRow)
    this.#zeros = this.take(plan.rowBytes)
    // One for each kernel: the columns of zeros at their left are never written.
    this.#scratch = { 3: this.take(plan.columns * 64), 5: this.take(plan.columns * 128) }
    this.#line = this.take(plan.columns * 16 + 128)
    this.#narrow = [this.take(plan.narrow), this.take(plan.narrow)]
    this.#wide = [this.take(plan.wide), this.take(plan.wide)]
    this.#memory.fill(outside * 2, this.#image, this.#image + (shape.edge + 2) ** 2 * 3)
    this.#stem = this.#placeLayer(
      layers.stem,
      packPointwise(layers.stem.weights, stemTaps, shape.stem, stemRow),
    )
    let edge = strided(shape.edge, 2)
    this.#blocks = shape.blocks.map((block, at) => {
      const { expand, depthwise, project } = layers.blocks[at]!
      const placed = {
        ...block,
        edge,
        expand:
          expand &&
          this.#placeLayer(expand, packPointwise(expand.weights, block.inputs, block.inner)),
        depthwise: this.#placeLayer(
          depthwise,
          packDepthwise(depthwise.weights, block.kernel, block.inner),
        ),
        project: this.#placeLayer(
          project,
          packPointwise(project.weights, block.inner, block.outputs),
        ),
      }
      edge = strided(edge, block.stride)
      return placed
    })
    this.mapEdge = edge
    const last = shape.blocks.at(-1)!
    this.#head = this.#placeLayer(
      layers.head,
      packPointwise(layers.head.weights, last.outputs, shape.head),
    )
  }

  /** Reserves memory of the kernel, all zero. */
  take(bytes: number): number {
    const start = this.#used
    this.#used = Math.ceil((start + bytes) / 16) * 16
    if (this.#used > this.#memory.length) throw new RangeError('The memory is used up.')
    return start
  }

  /** Copies bytes into memory of the kernel. */
  place({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    const start = this.take(byteLength)
    this.#memory.set(new Uint8Array(buffer, byteOffset, byteLength), start)
    return start
  }

  bytes(at: number, length: number): Uint8Array {
    return this.#memory.subarray(at, at + length)
  }

  /**
   * Sums of products of rows of bytes (0..127, `stride` apart) with packed weights: of each row one int32 a channel.
   * At least `tilePixels` rows.
   */
  products(x: number, stride: number, weights: number, y: number, sizes: ProductSizes): Int32Array {
    const { rows, inputs, channels } = sizes
    this.#kernel.products(x, stride, weights, y, 4 * channels, rows, inputs, channels)
    return new Int32Array(this.#memory.buffer, y, rows * channels)
  }

  /**
   * The head's map: `mapEdge` x `mapEdge` pixels of `shape.head` bytes each; good until the next picture.
   *
   * @param rgb `shape.edge` x `shape.edge` pixels, 3 bytes of sRGB each
   */
  run(rgb: Uint8Array): { readonly map: Uint8Array; readonly at: number } {
    this.#runStem(rgb)
    let [from, to] = this.#narrow
    let input = this.#wide[0]
    for (const block of this.#blocks) {
      // The first block has no expansion and reads what the stem wrote; every other goes from narrow to narrow.
      const middle = block.expand ? this.#expand(block, block.expand, from) : input
      this.#depthwise(block, middle, this.#wide[1])
      this.#project(block, this.#wide[1], to, from)
      ;[from, to] = [to, from]
      input = from
    }
    const { outputs } = this.shape.blocks.at(-1)!
    const at = this.#wide[0]
    const pixels = this.mapEdge ** 2
    this.#pointwise(this.#head, from, padded(outputs), at, this.shape.head, pixels, outputs)
    return { map: this.bytes(at, pixels * this.shape.head), at }
  }

  #runStem(rgb: Uint8Array): void {
    const { edge, stem } = this.shape
    const row = (edge + 2) * 3
    for (let y = 0; y < edge; y++) {
      this.#memory.set(
        rgb.subarray(y * edge * 3, (y + 1) * edge * 3),
        this.#image + (y + 1) * row + 3,
      )
    }
    const half = strided(edge, 2)
    for (let y = 0; y < half; y++) {
      this.#kernel.gather(this.#image + 2 * y * row, row, this.#rows, half)
      const to = this.#wide[0] + y * half * stem
      this.#pointwise(this.#stem, this.#rows, stemRow, to, stem, half, stemRow)
    }
  }

  #expand({ edge, inputs, inner }: PlacedBlock, layer: Placed, from: number): number {
    const to = this.#wide[0]
    this.#pointwise(layer, from, padded(inputs), to, inner, edge * edge, inputs)
    return to
  }

  #depthwise(block: PlacedBlock, from: number, to: number): void {
    const { kernel, stride, edge, inner, depthwise } = block
    const out = strided(edge, stride)
    const bytes = edge * inner
    for (let y = 0; y < out; y++) {
      const row = (at: number) => {
        const input = y * stride - (kernel >> 1) + at
        return input < 0 || input >= edge ? this.#zeros : from + input * bytes
      }
      const { weights, bias, scales } = depthwise
      const target = to + y * out * inner
      if (kernel === 3) {
        // prettier-ignore
        this.#kernel.depthwise3(row(0), row(1), row(2), edge, inner, weights, bias, scales, target, stride, out, this.#scratch[3])
      } else {
        // prettier-ignore
        this.#kernel.depthwise5(row(0), row(1), row(2), row(3), row(4), edge, inner, weights, bias, scales, target, stride, out, this.#scratch[5], this.#line)
      }
    }
  }

  #project(block: PlacedBlock, from: number, to: number, added: number): void {
    const { edge, stride, inner, outputs, adds, project } = block
    const pixels = strided(edge, stride) ** 2
    const out = padded(outputs)
    const { weights, bias, scales } = project
    const [start, step] = adds ? [added, out] : [this.#zeros, 0]
    // prettier-ignore
    this.#kernel.project(from, inner, weights, bias, scales, to, out, pixels, inner, out, start, step)
  }

  #pointwise(
    { weights, bias, scales }: Placed,
    from: number,
    stride: number,
    to: number,
    out: number,
    pixels: number,
    inputs: number,
  ): void {
    // prettier-ignore
    this.#kernel.pointwise(from, stride, weights, bias, scales, to, out, pixels, inputs, out)
  }

  #placeLayer({ bias, scales }: Layer, weights: Int8Array): Placed {
    const channels = padded(bias.length)
    const allBias = new Int32Array(channels)
    const allScales = new Int16Array(channels)
    allBias.set(bias)
    allScales.set(scales)
    return {
      weights: this.place(weights),
      bias: this.place(allBias),
      scales: this.place(allScales),
    }
  }
}

export interface ProductSizes {
  readonly rows: number
  readonly inputs: number
  readonly channels: number
}

function planOf({ edge, stem, blocks, head }: NetworkShape) {
  let wide = strided(edge, 2) ** 2 * stem
  let narrow = 0
  let rowBytes = 0
  let at = strided(edge, 2)
  for (const { inputs, inner, outputs, stride } of blocks) {
    narrow = Math.max(narrow, at * at * padded(inputs))
    wide = Math.max(wide, at * at * inner)
    rowBytes = Math.max(rowBytes, at * inner)
    at = strided(at, stride)
    narrow = Math.max(narrow, at * at * padded(outputs))
  }
  wide = Math.max(wide, at * at * head)
  const columns = strided(edge, 2) + 16
  const image = (edge + 2) ** 2 * 3
  const bytes = image + columns * 300 + rowBytes + 2 * narrow + 2 * wide + 16 * slack
  return { narrow, wide, rowBytes, columns, bytes }
}

/** A bound: packing makes no more than a few channels of zeros of every layer. */
function weightBytes({ stem, blocks, head }: NetworkLayers): number {
  const all = [stem, head, ...blocks.flatMap((block) => Object.values(block) as Layer[])]
  return all.reduce((sum, layer) => {
    const { length } = layer.bias
    return sum + 3 * padded(length) * Math.ceil(layer.weights.length / length) + 200 + 6 * length
  }, 0)
}
