/**
 * What a library of a size needs, by the formulas of docs/scaling.md, which says which of their constants were measured and
 * how. All sizes are bytes.
 */

export interface Wanted {
  readonly images: number
  /** Numbers in a vector. */
  readonly dimensions: number
  /** Of an original, on average. */
  readonly originalBytes: number
  readonly megapixels: number
  /** Of each record and vector, in a cluster. */
  readonly copies: number
}

export interface Shape {
  readonly store: 'embedded' | 'qdrant'
  readonly settings: readonly string[]
  /** Over all machines, and so is the disk; files are counted apart. */
  readonly memory: number
  readonly disk: number
  readonly machines: number
  /** Memory of each machine, of the sizes that are sold. */
  readonly machineMemory: number
}

const sold = [4, 8, 16, 32, 64, 128, 256, 512].map((gigabytes) => gigabytes * 1e9)
/** Beyond this share, what a machine does now and then no longer fits. */
const maxShareOfMemory = 0.8
/** Above it, the day of optimising and the one machine that may be lost weigh more than a cluster does. */
const mostEmbedded = 5e6
/** Shorter vectors lose neighbours by it. */
const leastBinaryDimensions = 1024
const thumbnailBytes = 16_000
const largestMachine = 128e9
const plainMachine = 16e9
/** From here on, memory is what a cluster costs most of. */
const manyImages = 5e7

function embeddedShape({ images, dimensions }: Wanted): Shape {
  const memory = 400e6 + images * (dimensions + 600)
  const disk = images * (5.2 * dimensions + 2_700 + 4_000)
  return { store: 'embedded', settings: [], memory, disk, ...machinesFor(memory, [1]) }
}

export type Precision = 'f32' | 'int8' | 'binary'

export function qdrantShape(wanted: Wanted, precision: Precision): Shape {
  const { images, dimensions: d, copies } = wanted
  const compressed = { f32: 0, int8: d, binary: d / 8 }[precision]
  const beside = 141 + 300
  const inMemory = precision === 'f32' ? 4 * d : compressed + beside
  const onDisk = 4 * d + compressed + beside + 1_000
  const memory = copies * images * 1.5 * inMemory
  const disk = copies * images * 2 * onDisk
  const quantization = { f32: null, int8: 'scalar', binary: 'binary' }[precision]
  const settings = quantization
    ? [`QDRANT_QUANTIZATION=${quantization}`, 'QDRANT_ON_DISK=true']
    : []
  const counts = copies > 1 ? [3, 6, 12, 24, 48] : [1, 2, 4, 8, 16, 32]
  return { store: 'qdrant', settings, memory, disk, ...machinesFor(memory, counts) }
}

/** Every shape that makes sense, the one to begin with first. */
export function shapesFor(wanted: Wanted): Shape[] {
  const clusters = preferred(wanted).map((precision) => qdrantShape(wanted, precision))
  const embedded = embeddedShape(wanted)
  const fits = wanted.images <= mostEmbedded && embedded.machineMemory <= largestMachine
  return fits && wanted.copies === 1 ? [embedded, ...clusters] : clusters
}

/** Whole vectors while a plain machine holds them; then the more compressed, the more there are. */
function preferred(wanted: Wanted): Precision[] {
  const whole = qdrantShape({ ...wanted, copies: 1 }, 'f32').memory
  if (wanted.dimensions < leastBinaryDimensions) {
    return whole <= plainMachine ? ['f32', 'int8'] : ['int8', 'f32']
  }
  if (whole <= plainMachine) return ['f32', 'int8', 'binary']
  return wanted.images < manyImages ? ['int8', 'binary', 'f32'] : ['binary', 'int8', 'f32']
}

export function fileBytes({ images, originalBytes }: Wanted): {
  originals: number
  thumbnails: number
} {
  return { originals: images * originalBytes, thumbnails: images * thumbnailBytes }
}

/** Seconds of one core for all of it: decoding, embedding, thumbnails, and comparing copies afterwards. */
export function importSeconds({ images, megapixels }: Wanted): number {
  return images * (0.1 + 0.006 * megapixels)
}

/** The fewest machines of a size that is sold whose memory is filled by no more than it should be. */
function machinesFor(
  memory: number,
  counts: readonly number[],
): { machines: number; machineMemory: number } {
  for (const machines of counts) {
    const needed = memory / machines / maxShareOfMemory
    const machineMemory = sold.find((size) => size >= needed)
    if (machineMemory && (machineMemory <= largestMachine || machines === counts.at(-1))) {
      return { machines, machineMemory }
    }
  }
  const machineMemory = sold.at(-1)!
  return { machines: Math.ceil(memory / maxShareOfMemory / machineMemory), machineMemory }
}
