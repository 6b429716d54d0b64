import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { leastPictures } from '../../server/src/library/calibration/sample.ts'
import { embedderNames, openByName } from '../embedders.ts'
import { type LabelledPicture, readLabelledFolder } from '../labelled-folder.ts'
import { columns, withInterval } from '../report/table.ts'
import { bestForAll, measureCuts } from './cuts.ts'
import { measureRefining, type RefinedFigures } from '../feedback/refine.ts'
import { type JudgedLibrary, judgeLibrary, see } from './library.ts'
import { measureQuantiles } from './quantiles.ts'
import { measureRankings } from './rankings.ts'
import {
  type AbsentFigures,
  measureAbsent,
  measureSums,
  measureTexts,
  measureWords,
  type WordFigures,
} from './words.ts'

const usage = `npm run eval:scores -- [<folder of class folders>...] [--embedder NAME]...

What scores mean, measured on labelled sets, the samples' drawings and all of them in one library: how well cut=auto
parts what is alike from what is not, how often each match word is right, and what ranking=expanded and thumbs gain.
Default embedders: visual and visual-2 (${embedderNames.join(', ')})`

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    embedder: { type: 'string', multiple: true, default: ['visual', 'visual-2'] },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit()
}

const sets = [
  ...(await Promise.all(
    folders.map(async (folder) => ({
      name: basename(folder),
      pictures: await readLabelledFolder(folder),
    })),
  )),
  { name: 'drawings', pictures: await readDrawings() },
]

const small = sets.find(({ pictures }) => pictures.length < leastPictures)
if (small) {
  console.error(
    `${small.name} has fewer than ${leastPictures} pictures: too few to judge scores by.`,
  )
  process.exit(1)
}

const libraries: JudgedLibrary[] = []
const texts: { library: JudgedLibrary; figures: WordFigures[] }[] = []
const refined: { library: JudgedLibrary; figures: RefinedFigures }[] = []
const absents: { library: JudgedLibrary; figures: AbsentFigures }[] = []
for (const name of values.embedder) {
  const embedder = await openByName(name)
  const seen = []
  for (const set of sets) seen.push({ name: set.name, pictures: await see(set.pictures, embedder) })
  const together = seen.flatMap((set) =>
    set.pictures.map((picture) => ({ ...picture, label: `${set.name}/${picture.label}` })),
  )
  const all = seen.length > 1 ? [...seen, { name: 'together', pictures: together }] : seen
  for (const { name: set, pictures } of all) {
    const library = judgeLibrary(set, embedder, pictures)
    libraries.push(library)
    const labels = pictures.map(({ label }) => label)
    refined.push({ library, figures: await measureRefining(pictures.map(({ vector }) => vector), labels) }) // prettier-ignore
    const figures = set === 'together' ? null : await measureTexts(library, embedder)
    if (figures) texts.push({ library, figures })
    const absent = set === 'together' ? null : await measureAbsent(library, embedder)
    if (absent) absents.push({ library, figures: absent })
  }
}
report()
// Threads of embedders stay idle for a while.
process.exit(0)

/** The samples, whose files are named by what they show and how. */
async function readDrawings(): Promise<LabelledPicture[]> {
  const folder = join(import.meta.dirname, '..', '..', 'samples')
  const samples = JSON.parse(await readFile(join(folder, 'samples.json'), 'utf8')) as {
    file: string
    metadata: { style: string }
  }[]
  return samples.map(({ file, metadata }) => ({
    path: join(folder, 'pictures', file),
    label: file.replace(`_${metadata.style.replaceAll(' ', '_')}.webp`, ''),
  }))
}

function report(): void {
  const cuts = libraries.map(measureCuts)
  const single = bestForAll(cuts)
  const share = (part: number, whole: number) => (part / whole).toFixed(2)
  print(
    `F1 of cut=auto, beside the best threshold for each set and the best one for all, ${single.threshold.toFixed(3)}`,
    [
      'embedder',
      'set',
      'n',
      'cut=auto',
      'best of set',
      'of it',
      'one for all',
      'of it',
      'shown',
      'nothing alike, said',
    ],
    libraries.map(({ embedder, name, pictures }, at) => {
      const { auto, best, shown, toldNothing } = cuts[at]!
      return [
        embedder,
        name,
        String(pictures.length),
        withInterval(auto),
        `${best.f1.toFixed(3)} at ${best.threshold.toFixed(3)}`,
        share(auto.mean, best.f1),
        single.f1[at]!.toFixed(3),
        share(single.f1[at]!, best.f1),
        `${shown.median} (${shown.p95})`,
        toldNothing.toFixed(2),
      ]
    }),
  )
  print('How often words are right, among the first hundred of every picture', ...wordRows(libraries.map((library) => ({ library, figures: measureWords(library) })))) // prettier-ignore
  for (const parts of ['alike', 'unlike'] as const) {
    print(
      `The same of sums of two pictures of ${parts === 'alike' ? 'one class' : 'two classes'}`,
      ...wordRows(libraries.map((library) => ({ library, figures: measureSums(library, parts) }))),
    )
  }
  if (texts.length > 0) print('The same of searches by the names of classes', ...wordRows(texts))
  if (absents.length > 0) {
    print(
      'Names of which the set shows nothing: how many have a strong match all the same, and how many any that is more than weak',
      ['embedder', 'set', 'names', 'strong', 'strong or possible'],
      absents.map(({ library, figures: { names, strong, possible } }) =>
        [library.embedder, library.name, String(names), share(strong, names), share(possible, names)],
      ),
    )
  } // prettier-ignore
  print(
    'Scores that nine of ten and half of the pairs of one class reach, and that 90, 95 and 99 % of the others stay below',
    ['embedder', 'set', 'one class 0.1', '0.5', 'others 0.9', '0.95', '0.99'],
    libraries.map((library) => {
      const { alike, unlike } = measureQuantiles(library)
      const figures = [...alike, ...unlike].map((score) => score.toFixed(2))
      return [library.embedder, library.name, ...figures]
    }),
  )
  print(
    'Mean average precision by cosine, and what is gained by query',
    ['embedder', 'set', 'cosine', 'centred', 'expanded'],
    libraries.map((library) => {
      const { plain, centred, expanded } = measureRankings(library)
      const figures = [plain, centred, expanded].map(withInterval)
      return [library.embedder, library.name, ...figures]
    }),
  )
  print(
    'Mean average precision of what is behind the first ten, and what it gains by query when these are judged',
    ['embedder', 'set', 'queries', 'before', 'by thumbs', 'by thumbs up alone'],
    refined.map(({ library, figures }) => {
      const { before, gained, gainedByRight, queries } = figures
      const all = [before, gained, gainedByRight].map(withInterval)
      return [library.embedder, library.name, String(queries), ...all]
    }),
  )
}

function wordRows(
  measured: { library: JudgedLibrary; figures: WordFigures[] }[],
): [string[], string[][]] {
  const head = ['embedder', 'set', 'queries', ...['strong', 'possible', 'weak'].map((word) => `${word}: right of all`), 'wrong strong a query', 'wrong possible'] // prettier-ignore
  const rows = measured.map(({ library, figures }) => [
    library.embedder,
    library.name,
    String(figures[0]!.queries),
    ...figures.map(({ right, results }) =>
      results > 0 ? `${(right / results).toFixed(2)} of ${results}` : '-',
    ),
    ...figures.slice(0, 2).map(({ wrongEach }) => wrongEach.toFixed(2)),
  ])
  return [head, rows]
}

function print(title: string, head: string[], rows: string[][]): void {
  console.log(`${title}\n${columns([head, ...rows])}\n`)
}
