import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { modelFile, packModel } from '../../server/src/embedders/visual/model/learned.ts'
import { listPictures } from '../labelled-folder.ts'
import { picturesApartFrom } from '../near-duplicates/distractors.ts'
import { learnModel } from './learn-model.ts'
import { readCheckpoint } from './network/checkpoint.ts'

const usage = `npm run train:visual -- <checkpoint> <folder of pictures> [options]

Makes the model of the built-in embedder: EfficientNet-Lite2 from a PyTorch checkpoint, in integers, and a
space for its features learned from a few thousand pictures, no labels needed. Expect some ten minutes and
1 GB of memory for 5,000 pictures. Vectors made with another model do not match: give it another version.

  --without FOLDER   pictures to leave out, copies of them included: those you will evaluate with
  --source TEXT      where the pictures come from, for the record in the file
  --output FILE      default: the file the embedder reads`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    without: { type: 'string' },
    source: { type: 'string', default: 'not stated' },
    output: { type: 'string', default: fileURLToPath(modelFile) },
    help: { type: 'boolean', default: false },
  },
})
const [checkpoint, folder] = positionals
if (values.help || !checkpoint || !folder) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

sharp.concurrency(1)
const all = await listPictures(folder)
const pictures = values.without
  ? await picturesApartFrom(folder, await listPictures(values.without))
  : all
console.log(`${pictures.length} pictures, ${all.length - pictures.length} left out`)
const model = await learnModel(readCheckpoint(checkpoint), pictures, console.log)
const bytes = packModel(model, {
  made_by: 'npm run train:visual',
  network: 'EfficientNet-Lite2, Google 2020, converted by ML Illustrated; Apache-2.0; see NOTICE',
  checkpoint_sha256: createHash('sha256').update(readFileSync(checkpoint)).digest('hex'),
  source: values.source,
  pictures: pictures.length,
  left_out: all.length - pictures.length,
})
await writeFile(values.output, bytes)
console.log(`${values.output}: ${(bytes.length / 1e6).toFixed(2)} MB`)
