import { readFileSync } from 'node:fs'
import { readPickle, type PythonCall, type PythonName } from './pickle.ts'

export interface Tensor {
  readonly shape: readonly number[]
  /** Row-major. */
  readonly values: Float32Array
}

/** How PyTorch's older `torch.save` begins. */
const magic = 0x1950a86a20f9469cfc6cn

/**
 * Reads a state dictionary that PyTorch's older `torch.save` wrote: pickles (magic number, protocol, system, the
 * dictionary, the keys of the storages), then each storage as a 64-bit count and its numbers, little-endian.
 * Source: torch/serialization.py, `_legacy_save`.
 *
 * @throws Error when the file is another kind
 */
export function readCheckpoint(file: string): Map<string, Tensor> {
  const bytes = readFileSync(file)
  let at = 0
  const next = () => {
    const { value, end } = readPickle(bytes, at)
    at = end
    return value
  }
  if (next() !== magic) throw new Error(`${file} is no checkpoint of PyTorch's older format.`)
  next()
  next()
  const calls = next() as Map<string, PythonCall>
  const keys = next() as string[]
  const types = new Map<string, string>()
  for (const { args } of calls.values()) {
    const [, type, key] = args[0] as [string, PythonName, string]
    types.set(key, type.name)
  }
  const storages = new Map<string, Float32Array>()
  for (const key of keys) {
    const count = Number(bytes.readBigInt64LE(at))
    at += 8
    const size = types.get(key) === 'torch.LongStorage' ? 8 : 4
    const own = new Uint8Array(bytes.subarray(at, (at += count * size)))
    // Counters of batches, the only whole numbers, are of no use here.
    if (size === 4) storages.set(key, new Float32Array(own.buffer))
  }
  const tensors = new Map<string, Tensor>()
  for (const [name, { args }] of calls) {
    const [[, , key], offset, shape, strides] = args as [string[], number, number[], number[]]
    const storage = storages.get(key!)
    if (storage) tensors.set(name, { shape, values: rowMajor(storage, offset, shape, strides) })
  }
  return tensors
}

/** The numbers of a view, whose strides may be in any order. */
function rowMajor(
  storage: Float32Array,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1)
  return Float32Array.from({ length }, (_, index) => {
    let from = offset
    let rest = index
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]!) * strides[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
    return storage[from]!
  })
}
