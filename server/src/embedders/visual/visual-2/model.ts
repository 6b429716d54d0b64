import { readFileSync } from 'node:fs'
import { decodeConstants, tensorNamed, type Constants } from '../constants-file.ts'
import type { Raster } from '../features/raster.ts'
import type { FisherModel } from './fisher/fisher-vector.ts'
import { toUnit } from './normalise.ts'
import { partNames, PartsExtractor, partSpecs, vectorLength, type PartName } from './parts.ts'
import { Projector, type Projection } from './projection.ts'

export const embedderId = `visual:2@${vectorLength}`

/** Everything that is learned. */
export interface LearnedModel {
  readonly gradients: FisherModel
  readonly colours: FisherModel
  readonly projections: Record<PartName, Projection>
}

const modelFile = new URL('./visual-2.bin', import.meta.url)

/** Turns pictures into vectors. Not to be shared between threads: it reuses its memory. */
export class VisualModel {
  readonly #parts: PartsExtractor
  readonly #projectors: Record<PartName, Projector>

  constructor(learned: LearnedModel) {
    this.#parts = new PartsExtractor(learned)
    this.#projectors = perPart((name) => new Projector(learned.projections[name]))
  }

  /** `vectorLength` numbers, unit length: the parts by weight, each of which is of unit length first. */
  vectorOf(raster: Raster): Float32Array {
    const parts = this.#parts.extract(raster)
    const vector = new Float32Array(vectorLength)
    let start = 0
    for (const name of partNames) {
      const { dimensions, weight } = partSpecs[name]
      const part = this.#projectors[name].project(parts[name])
      for (let at = 0; at < dimensions; at++) vector[start + at] = weight * part[at]!
      start += dimensions
    }
    return toUnit(vector)
  }
}

function perPart<T>(of: (name: PartName) => T): Record<PartName, T> {
  return Object.fromEntries(partNames.map((name) => [name, of(name)])) as Record<PartName, T>
}

/** @throws Error when the file is damaged or made for another version */
export function loadModel(file: URL = modelFile): LearnedModel {
  return unpack(decodeConstants(readFileSync(file), embedderId))
}

function unpack(constants: Constants): LearnedModel {
  const floats = (name: string) => tensorNamed(constants, name, Float32Array)
  const fisher = (kind: string): FisherModel => ({
    reduction: {
      mean: floats(`${kind}.reduction.mean`),
      evenBasis: floats(`${kind}.reduction.evenBasis`),
      oddBasis: floats(`${kind}.reduction.oddBasis`),
    },
    mixture: {
      weights: floats(`${kind}.mixture.weights`),
      means: floats(`${kind}.mixture.means`),
      variances: floats(`${kind}.mixture.variances`),
    },
  })
  const projections = perPart((name) => ({
    rows: tensorNamed(constants, `${name}.projection.rows`, Int8Array),
    scales: floats(`${name}.projection.scales`),
    offsets: floats(`${name}.projection.offsets`),
  }))
  return { gradients: fisher('gradients'), colours: fisher('colours'), projections }
}
