import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeConstants } from '../../server/src/embedders/visual/constants-file.ts'
import { rasterEdge, toRaster } from '../../server/src/embedders/visual/features/raster.ts'
import { firstVersionId, firstVersionLength, rootedBlocks } from '../baselines/first-version.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import { resizePixels } from '../../server/src/images/encode.ts'

/** node evals/training/train-first.ts <folder of pictures> <output file> */
const [folder, output] = process.argv.slice(2)
if (!folder || !output) throw new Error('Give a folder of pictures and the file to write.')

const mean = new Float64Array(firstVersionLength)
const files = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort()
for (const name of files) {
  const image = await decodeImage(join(folder, name), 50)
  const blocks = rootedBlocks(toRaster(await resizePixels(image, rasterEdge, rasterEdge)))
  for (let index = 0; index < mean.length; index++) mean[index]! += blocks[index]! / files.length
}
const record = {
  made_from: `${files.length} photographs`,
  made_by: 'evals/training/train-first.ts',
}
await writeFile(
  output,
  encodeConstants({ id: firstVersionId, record, tensors: { mean: Float32Array.from(mean) } }),
)
