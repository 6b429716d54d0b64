import { parseArgs } from 'node:util'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { embedFiles } from '../embed-files.ts'
import { readLabelledFolder } from '../labelled-folder.ts'
import { classesOf, isRight } from './right.ts'

const usage = `npm run eval:names -- <folder of class folders>

How good the built-in embedder is with names: how many of the names in descriptions are right, and how many
of the first ten pictures that are found for a folder's name lie in it. Folders whose names it does not know
are left out.`

const { positionals } = parseArgs({ allowPositionals: true })
const [folder] = positionals
if (!folder) {
  console.log(usage)
  process.exit(2)
}

const pictures = await readLabelledFolder(folder)
const embedder = openVisualEmbedder()
const paths = pictures.map(({ path }) => path)
const { vectors, descriptions } = await embedFiles(paths, embedder)

let named = 0
let right = 0
let known = 0
const firstTen: number[] = []
console.log('class                 n  named  right  found in the first 10 of all')
for (const label of new Set(pictures.map((picture) => picture.label))) {
  const classes = classesOf(label)
  if (!classes) continue
  const own = pictures.flatMap((picture, at) => (picture.label === label ? [at] : []))
  const names = own.flatMap((at) => {
    const found = /^Probably (?:an? )?([^,.]+)[,.]/.exec(descriptions[at]!)
    return found ? [found[1]!] : []
  })
  const correct = names.filter((name) => isRight(name, classes)).length
  const { signal } = new AbortController()
  const query = await embedder.embedNames!(label.replaceAll('_', ' '), { signal })
  const ranked = vectors
    .map((vector, at) => ({
      at,
      score: vector.reduce((sum, value, index) => sum + value * query.vector[index]!, 0),
    }))
    .sort((one, other) => other.score - one.score)
  const hits = ranked.slice(0, 10).filter(({ at }) => pictures[at]!.label === label).length
  firstTen.push(hits / 10)
  known += own.length
  named += names.length
  right += correct
  const cells = [own.length, names.length, correct, hits]
  console.log(label.padEnd(18) + cells.map((cell) => String(cell).padStart(6)).join(' '))
}
const mean = firstTen.reduce((sum, share) => sum + share, 0) / firstTen.length
console.log(
  `\n${named} of ${known} pictures are named, ${right} of them right (${((100 * right) / named).toFixed(0)} %); ` +
    `precision at 10 of ${firstTen.length} names: ${mean.toFixed(2)}`,
)
