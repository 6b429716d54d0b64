import type { Schemas } from '@qdrant/js-client-rest'
import type { Library } from '../../image-store.ts'

type Params = Schemas['VectorParams']
type Config = Schemas['CollectionConfig']

/** Where in a collection's points the library's vectors are. */
export interface VectorSlot {
  /** Null for the unnamed one. */
  readonly name: string | null
  readonly dimensions: number
  /** Whether the points may have other vectors beside it, which are another program's. */
  readonly hasNeighbours: boolean
  /** Kept as float16: scores are right to three digits. */
  readonly isHalfPrecision: boolean
  readonly isQuantized: boolean
  /** Its own setting of the graph, which goes before the collection's. */
  readonly efConstruct: number | null
}

/**
 * Properties of a vector that change neither what is stored nor how it is compared. Any other is refused,
 * known today or not: what it does to the vectors is not known either.
 */
const harmless = new Set(['hnsw_config', 'quantization_config', 'on_disk', 'memory'])

/** The slot a library fits into, or what is wrong with those that there are. */
export function findSlot(
  config: Config,
  library: Library,
  wanted: string | null,
): VectorSlot | { readonly problem: string } {
  const all = vectorsOf(config)
  const named = wanted === null ? all : all.filter(([name]) => name === wanted)
  if (named.length === 0) {
    return { problem: `with ${listed(all)}, none of them named ${wanted} (QDRANT_VECTOR_NAME)` }
  }
  const fitting = named.filter(([, params]) => misfit(params, library) === null)
  const [only] = fitting
  if (fitting.length > 1) {
    const names = fitting.map(([name]) => name).join(', ')
    return { problem: `with several vectors that fit (${names}): say which in QDRANT_VECTOR_NAME` }
  }
  if (!only) {
    const problems = named.map(([name, params]) => {
      return `${misfit(params, library)}${name === null ? '' : ` (vector ${name})`}`
    })
    return { problem: `with ${problems.join(', ') || 'no vectors'}` }
  }
  const [name, params] = only
  return {
    name,
    dimensions: params.size,
    hasNeighbours: all.length > 1 || Object.keys(config.params.sparse_vectors ?? {}).length > 0,
    isHalfPrecision: params.datatype === 'float16',
    isQuantized: Boolean(params.quantization_config ?? config.quantization_config),
    efConstruct:
      (params.hnsw_config as Schemas['HnswConfigDiff'] | undefined)?.ef_construct ?? null,
  }
}

/** Vectors of a collection by their names; null names the unnamed one. */
export function vectorsOf({ params }: Config): [string | null, Params][] {
  const { vectors } = params
  if (isUnnamed(vectors)) return [[null, vectors]]
  return Object.entries(vectors ?? {}) as [string, Params][]
}

function isUnnamed(vectors: Schemas['VectorsConfig'] | undefined): vectors is Params {
  return typeof vectors?.size === 'number' && typeof vectors.distance === 'string'
}

function misfit(params: Params, library: Library): string | null {
  const { size, distance, datatype, multivector_config: multivector, ...others } = params
  if (size !== library.dimensions || distance !== 'Cosine') {
    return `${size} dimensions compared by ${distance}`
  }
  if (multivector) return 'several vectors a point (multivector_config)'
  if (datatype && datatype !== 'float32' && datatype !== 'float16') {
    return `vectors kept as ${datatype}, which destroys those of unit length`
  }
  const unknown = Object.entries(others).find(
    ([name, value]) => !harmless.has(name) && value !== null && value !== undefined,
  )
  return unknown ? `a property of its vectors that is not known here (${unknown[0]})` : null
}

function listed(all: [string | null, Params][]): string {
  const names = all.map(([name]) => name ?? 'an unnamed vector')
  return names.length === 0 ? 'no vectors' : names.join(', ')
}
