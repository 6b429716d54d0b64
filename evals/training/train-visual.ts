import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { modelFile, packModel } from '../../server/src/embedders/visual/model.ts'
import { listPictures } from '../labelled-folder.ts'
import { picturesApartFrom } from '../near-duplicates/distractors.ts'
import { learnModel } from './learn-model.ts'

const usage = `npm run train:visual -- <folder of pictures> [options]

Learns the constants of the built-in embedder from a few thousand pictures, no labels needed.
Expect some twenty minutes and 1 GB of memory for 5,000 pictures. Every library has to be indexed anew
afterwards: vectors made with other constants do not match.

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
const [folder] = positionals
if (values.help || !folder) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const all = await listPictures(folder)
const pictures = values.without
  ? await picturesApartFrom(folder, await listPictures(values.without))
  : all
console.log(`${pictures.length} pictures, ${all.length - pictures.length} left out`)
const model = await learnModel(pictures, console.log)
const bytes = packModel(model, {
  made_by: 'npm run train:visual',
  source: values.source,
  pictures: pictures.length,
  left_out: all.length - pictures.length,
})
await writeFile(values.output, bytes)
console.log(`${values.output}: ${(bytes.length / 1e6).toFixed(2)} MB`)
