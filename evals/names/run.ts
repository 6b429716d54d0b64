import { parseArgs } from 'node:util'
import { networkVocabulary, wholeVocabulary } from '../../server/src/names/vocabulary.ts'
import { meaninglessPicture, meaninglessPictures } from '../../server/src/names/meaningless.ts'
import { embedFiles } from '../embed-files.ts'
import { openByName } from '../embedders.ts'
import { readLabelledFolder } from '../labelled-folder.ts'
import { visualByDirections } from './by-directions.ts'
import { classesOf, isRight } from './right.ts'

const usage = `npm run eval:names -- <folder of class folders> [--embedder <name>] [--model <model>]

How good an embedder is with names: how many of the names in descriptions are right, how many of the first ten pictures
that are found for a folder's name lie in it, and of how many pictures that show nothing something is said. Folders whose names
it does not know are left out. --embedder is visual (the built-in one), local or server with its settings, or
visual-by-directions: the built-in one, described as those are, with its classes' directions as the vectors of names.`

/** Behind those that the thresholds were learned from. */
const meaninglessTested = 100

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { embedder: { type: 'string', default: 'visual' }, model: { type: 'string' } },
})
const [folder] = positionals
if (!folder) {
  console.log(usage)
  process.exit(2)
}

const { signal } = new AbortController()
const pictures = await readLabelledFolder(folder)
const embedder =
  values.embedder === 'visual-by-directions'
    ? await visualByDirections()
    : await openByName(values.embedder, values.model)
const vocabulary = values.embedder.startsWith('visual') ? networkVocabulary() : wholeVocabulary()
await embedder.naming?.ready(signal)
const paths = pictures.map(({ path }) => path)
const { vectors, descriptions } = await embedFiles(paths, embedder)

let named = 0
let right = 0
let known = 0
const firstTen: number[] = []
console.log('class                 n  named  right  found in the first 10 of all')
for (const label of new Set(pictures.map((picture) => picture.label))) {
  const classes = classesOf(label, vocabulary)
  if (!classes) continue
  const own = pictures.flatMap((picture, at) => (picture.label === label ? [at] : []))
  const names = own.flatMap((at) => nameIn(descriptions[at]!) ?? [])
  const correct = names.filter((name) => isRight(name, classes, vocabulary)).length
  const query = await vectorOf(label.replaceAll('_', ' '))
  const ranked = vectors
    .map((vector, at) => ({
      at,
      score: vector.reduce((sum, value, index) => sum + value * query[index]!, 0),
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
let said = 0
for (let number = meaninglessPictures; number < meaninglessPictures + meaninglessTested; number++) {
  const { description } = await embedder.embedImage(meaninglessPicture(number), { signal })
  if (nameIn(description) !== undefined) said++
}
console.log(
  `\n${named} of ${known} pictures are named, ${right} of them right (${((100 * right) / named).toFixed(0)} %); ` +
    `precision at 10 of ${firstTen.length} names: ${mean.toFixed(2)}; ` +
    `something is said of ${said} of ${meaninglessTested} pictures that show nothing`,
)
process.exit(0)

/** The first thing that is named. */
function nameIn(description: string): string | undefined {
  return /^Probably:? (?:an? )?([^,.]+)[,.]/.exec(description)?.[1]
}

async function vectorOf(text: string): Promise<Float32Array> {
  const embed = embedder.embedText ?? embedder.embedNames
  if (!embed) throw new Error(`The embedder ${embedder.id} knows no words.`)
  return (await embed.call(embedder, text, { signal })).vector
}
