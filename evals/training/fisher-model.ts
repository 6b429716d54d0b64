import type { FisherModel } from '../../server/src/embedders/visual/fisher/fisher-vector.ts'
import { fitMixture } from './mixture.ts'
import type { PatchSamples } from './patch-samples.ts'
import { learnReduction } from './reduction.ts'

const gaussians = 64
const rounds = 12

/** Learns the coordinates of patch descriptors, then the Gaussians over them. */
export function learnFisherModel(
  samples: PatchSamples,
  descriptorLength: number,
  components: number,
): FisherModel {
  const reduction = learnReduction(samples.rows(), descriptorLength, components)
  const { coordinates, width } = samples.reduced(reduction)
  return { reduction, mixture: fitMixture(coordinates, width, gaussians, rounds) }
}
