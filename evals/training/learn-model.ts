import { toRaster, rasterEdge } from '../../server/src/embedders/visual/features/raster.ts'
import {
  colourPatchLength,
  colourPatches,
} from '../../server/src/embedders/visual/fisher/colour-patches.ts'
import {
  gradientPatchLength,
  gradientPatches,
} from '../../server/src/embedders/visual/fisher/gradient-patches.ts'
import { perPart, type LearnedModel } from '../../server/src/embedders/visual/model.ts'
import {
  PartsExtractor,
  partSpecs,
  type PatchModels,
} from '../../server/src/embedders/visual/parts.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import { resizePixels } from '../../server/src/images/encode.ts'
import type { NormalisedImage } from '../../server/src/images/image.ts'
import { randomNumbers } from '../random.ts'
import { changedCopy } from './changed-copy.ts'
import { learnFisherModel } from './fisher-model.ts'
import { learnProjection, workingAxes } from './learn-projection.ts'
import { PartRows } from './part-rows.ts'
import { PatchSamples } from './patch-samples.ts'

/** More than this teaches the mixtures nothing that shows in retrieval. */
const picturesForPatches = 900
const patchesPerPicture = 120
const gradientComponents = 64
const colourComponents = 48

type Report = (progress: string) => void

/**
 * Learns everything the embedder needs from unlabelled pictures. The same pictures give the same
 * constants.
 *
 * @param files at least {@link workingAxes}; a few thousand unlike pictures do best
 * @throws Error when there are too few
 */
export async function learnModel(files: readonly string[], report: Report): Promise<LearnedModel> {
  if (files.length < workingAxes) {
    throw new Error(`${files.length} pictures are too few: give at least ${workingAxes}.`)
  }
  const shuffled = shuffle(files)
  const models = await learnPatchModels(shuffled.slice(0, picturesForPatches), report)
  const extractor = new PartsExtractor(models)
  const originals = await extractAll(shuffled, extractor, report)
  const random = randomNumbers(5)
  const copies = await extractAll(shuffled, extractor, report, (image) =>
    changedCopy(image, random),
  )
  const projections = perPart((name) => {
    report(`Projection of ${name}`)
    return learnProjection(originals.of(name), copies.of(name), partSpecs[name].dimensions)
  })
  return { ...models, projections }
}

async function learnPatchModels(files: readonly string[], report: Report): Promise<PatchModels> {
  const random = randomNumbers(3)
  const gradients = new PatchSamples(patchesPerPicture, random)
  const colours = new PatchSamples(patchesPerPicture, random)
  report(`Patches of ${files.length} pictures`)
  for (const file of files) {
    const raster = await rasterOf(await decodeImage(file, 200))
    gradients.add(gradientPatches(raster))
    colours.add(colourPatches(raster))
  }
  report('Mixtures')
  return {
    gradients: learnFisherModel(gradients, gradientPatchLength, gradientComponents),
    colours: learnFisherModel(colours, colourPatchLength, colourComponents),
  }
}

async function extractAll(
  files: readonly string[],
  extractor: PartsExtractor,
  report: Report,
  change = async (image: NormalisedImage) => image,
): Promise<PartRows> {
  report(`Descriptors of ${files.length} pictures`)
  const rows = new PartRows(files.length)
  for (const file of files) {
    rows.add(extractor.extract(await rasterOf(await change(await decodeImage(file, 200)))))
  }
  return rows
}

async function rasterOf(image: NormalisedImage) {
  return toRaster(await resizePixels(image, rasterEdge, rasterEdge))
}

function shuffle(files: readonly string[]): string[] {
  const random = randomNumbers(2)
  const shuffled = [...files]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const moved = shuffled[last]!
    shuffled[last] = shuffled[other]!
    shuffled[other] = moved
  }
  return shuffled
}
