import { Eye } from '../../server/src/embedders/visual/model/eye.ts'
import { loadModel } from '../../server/src/embedders/visual/model/learned.ts'
import { namesOf } from '../../server/src/embedders/visual/names/recognise.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import { resizePixels } from '../../server/src/images/encode.ts'
import { networkVocabulary } from '../../server/src/names/vocabulary.ts'
import { readLabelledFolder } from '../labelled-folder.ts'
import { classesOf, isRight } from './right.ts'

const usage = `npm run eval:bound -- <folder of class folders>...

How probable a name must be to be given, chosen by cross-validation over the classes whose names are known: the
least bound with which nine of ten names are right in the other folds, and how many are right in the fold itself.`

const wanted = 0.9
const bounds = Array.from({ length: 10 }, (_, at) => (40 + 5 * at) / 100)
const maxMegapixels = 200

/** How many names are given and how many of them are right. */
interface Count {
  readonly named: number
  readonly right: number
}

const folders = process.argv.slice(2)
if (folders.length === 0) {
  console.log(usage)
  process.exit(2)
}
const pictures = (await Promise.all(folders.map(readLabelledFolder))).flat()
const classes = [...new Set(pictures.map(({ label }) => label))].filter((label) =>
  classesOf(label, networkVocabulary()),
)
/** Of each class, for each bound. */
const counts: Count[][] = []
for (const label of classes) counts.push(await countEach(label))

console.log(`${classes.length} classes; bound, names given, right:`)
for (const [at, bound] of bounds.entries()) {
  console.log(bound.toFixed(2), shown(total(counts.map((of) => of[at]!))))
}
for (const folds of [2, 5]) {
  const chosen = Array.from({ length: folds }, (_, fold) => {
    const inside = (at: number) => at % folds === fold
    const others = counts.filter((_, at) => !inside(at))
    const best = bounds.findIndex((_, at) => share(total(others.map((of) => of[at]!))) >= wanted)
    const bound = best < 0 ? bounds.length - 1 : best
    return { bound, held: total(counts.filter((_, at) => inside(at)).map((of) => of[bound]!)) }
  })
  console.log(
    `${folds} folds: bounds ${chosen.map(({ bound }) => bounds[bound]).join(', ')}; ` +
      `in the folds without a part in the choice ${shown(total(chosen.map(({ held }) => held)))}`,
  )
}

async function countEach(label: string): Promise<Count[]> {
  const model = loadModel()
  const eye = new Eye(model)
  const own = classesOf(label, networkVocabulary())!
  const found: Count[] = bounds.map(() => ({ named: 0, right: 0 }))
  for (const { path } of pictures.filter((picture) => picture.label === label)) {
    const { edge } = model.shape
    const image = await decodeImage(path, maxMegapixels)
    const { scores } = eye.see(await resizePixels(image, edge, edge))
    for (const [at, bound] of bounds.entries()) {
      const [name] = namesOf(scores, model.trust, bound).tags
      if (!name) continue
      found[at] = {
        named: found[at]!.named + 1,
        right: found[at]!.right + (isRight(name, own, networkVocabulary()) ? 1 : 0),
      }
    }
  }
  return found
}

function total(all: readonly Count[]): Count {
  return {
    named: all.reduce((sum, { named }) => sum + named, 0),
    right: all.reduce((sum, { right }) => sum + right, 0),
  }
}

function share({ named, right }: Count): number {
  return named > 0 ? right / named : 1
}

function shown(count: Count): string {
  return `${count.right} of ${count.named} (${(100 * share(count)).toFixed(0)} %)`
}
