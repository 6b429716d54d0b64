import { colourGrid } from './features/colour-grid.ts'
import { correlogram } from './features/correlogram.ts'
import { hog } from './features/hog.ts'
import { lbp } from '../features/lbp.ts'
import type { Raster } from '../features/raster.ts'
import { colourPatchCount, colourPatches } from './fisher/colour-patches.ts'
import { FisherEncoder, type FisherModel } from './fisher/fisher-vector.ts'
import { gradientPatchCount, gradientPatches } from './fisher/gradient-patches.ts'
import { signedSquareRoot, toUnit } from './normalise.ts'

/**
 * What a picture is described by, before projection. `dimensions` are kept of each part, and `weight`
 * is its length in the final vector; both were chosen so that neither of two unlike sets of pictures
 * lost (docs/retrieval-quality.md).
 */
export const partSpecs = {
  /** Shapes and textures, wherever they are. */
  gradients: { dimensions: 256, weight: 1.4 },
  /** Local arrangements of colours, wherever they are. */
  colours: { dimensions: 64, weight: 0.6 },
  /** The outline, where it is. */
  outline: { dimensions: 64, weight: 1 },
  /** Colour layout, outline, colour neighbourhoods and texture together. */
  layout: { dimensions: 128, weight: 0.8 },
} as const

export type PartName = keyof typeof partSpecs
export const partNames = Object.keys(partSpecs) as PartName[]

export const vectorLength = Object.values(partSpecs).reduce(
  (sum, { dimensions }) => sum + dimensions,
  0,
)

/** Models of the two kinds of patches. */
export interface PatchModels {
  readonly gradients: FisherModel
  readonly colours: FisherModel
}

/** Computes all parts of a picture. Not to be shared between threads: it reuses its memory. */
export class PartsExtractor {
  readonly #gradients: FisherEncoder
  readonly #colours: FisherEncoder

  constructor(models: PatchModels) {
    this.#gradients = new FisherEncoder(models.gradients, gradientPatchCount)
    this.#colours = new FisherEncoder(models.colours, colourPatchCount)
  }

  extract(raster: Raster): Record<PartName, Float32Array> {
    const outline = signedSquareRoot(hog(raster))
    return {
      gradients: this.#gradients.encode(gradientPatches(raster)),
      colours: this.#colours.encode(colourPatches(raster)),
      outline,
      layout: joinUnits([
        signedSquareRoot(colourGrid(raster)),
        signedSquareRoot(correlogram(raster)),
        outline.slice(),
        signedSquareRoot(lbp(raster)),
      ]),
    }
  }
}

/** The blocks end to end, each brought to unit length. */
function joinUnits(blocks: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0))
  let start = 0
  for (const block of blocks) {
    joined.set(toUnit(block), start)
    start += block.length
  }
  return joined
}
