import { Refusal } from './refusal.ts'

interface Params {
  size: number
  distance: string
  datatype?: string | null
  multivector_config?: object | null
}

/** The vectors of a collection's points, as its configuration names them; '' is the unnamed one. */
export interface VectorLayout {
  vectors: Params | { [name: string]: Params }
  sparse_vectors?: object
}

/** Values by name; what is sparse or has several vectors is kept as it came. */
export type PointVectors = Map<string, unknown>

export function paramsOf({ vectors }: VectorLayout, name: string): Params | undefined {
  const isUnnamed = typeof vectors.size === 'number'
  if (isUnnamed) return name === '' ? (vectors as Params) : undefined
  return (vectors as { [name: string]: Params })[name]
}

export function readVectors(layout: VectorLayout, given: unknown): PointVectors {
  const named = Array.isArray(given) ? { '': given } : (given as { [name: string]: unknown })
  return new Map(Object.entries(named).map(([name, value]) => [name, stored(layout, name, value)]))
}

function stored(layout: VectorLayout, name: string, value: unknown): unknown {
  const params = paramsOf(layout, name)
  if (!params) {
    if (name in (layout.sparse_vectors ?? {})) return value
    throw new Refusal(400, `Wrong input: Not existing vector name error: ${name}`)
  }
  if (params.multivector_config) return value
  const numbers = value as number[]
  if (numbers.length !== params.size) {
    const message = `Wrong input: Vector dimension error: expected dim: ${params.size}, got ${numbers.length}`
    throw new Refusal(400, message)
  }
  return kept(normalised(numbers), params.datatype)
}

/** What of a vector its data type keeps: of one of unit length, uint8 keeps nothing. */
function kept(vector: Float32Array, datatype: string | null | undefined): Float32Array {
  if (datatype === 'uint8') return vector.map((value) => Math.trunc(Math.max(0, value)))
  if (datatype === 'float16') return vector.map((value) => Math.round(value * 2 ** 11) / 2 ** 11)
  return vector
}

export function shownVectors(vectors: PointVectors, wanted: boolean | string[]): unknown {
  const plain = (value: unknown) => (value instanceof Float32Array ? [...value] : value)
  if (vectors.has('')) return plain(vectors.get(''))
  const shown = [...vectors].filter(
    ([name]) => wanted === true || (wanted as string[]).includes(name),
  )
  return Object.fromEntries(shown.map(([name, value]) => [name, plain(value)]))
}

export function normalised(vector: number[]): Float32Array {
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, (value) => value / length)
}

export function dot(a: Float32Array, b: Float32Array): number {
  return Math.fround(a.reduce((sum, value, index) => sum + value * b[index]!, 0))
}
