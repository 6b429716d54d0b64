import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { readText } from '../../server/src/library/searching/asked-text.ts'
import { withWords } from '../../server/src/records/terms.ts'
import { matcher } from '../../server/src/records/matches.ts'
import { filterDocument } from '../../server/src/records/filter.ts'
import { estimate } from '../bootstrap.ts'
import { embedFiles } from '../embed-files.ts'
import { readLabelledFolder } from '../labelled-folder.ts'
import { randomNumbers } from '../random.ts'
import { columns } from '../report/table.ts'
import { cosine } from '../retrieval.ts'

const usage = `npm run eval:words -- <folder of class folders>...

How words that stand in records and what an embedder sees are best put together. Half of the pictures, drawn at random, have
the name of their folder in their metadata, of these a share the name of another. Each folder's name is searched for, and the
built-in embedder's descriptions and tags are there as well.`

const { positionals: folders } = parseArgs({ allowPositionals: true })
if (folders.length === 0) {
  console.log(usage)
  process.exit(2)
}

const described = 0.5
const wrongShares = [0, 0.2]
/** Of Cormack, Clarke, Büttcher, Reciprocal rank fusion outperforms Condorcet and individual rank learning methods, SIGIR 2009. */
const k = 60
/** The results that are fused, as many as an answer can have. */
const depth = 100

const embedder = openVisualEmbedder()
const { signal } = new AbortController()
const rows: string[][] = []
for (const folder of folders) {
  const pictures = await readLabelledFolder(folder)
  const seen = await embedFiles(
    pictures.map(({ path }) => path),
    embedder,
  )
  const labels = [...new Set(pictures.map(({ label }) => label))]
  for (const wrong of wrongShares) {
    const random = randomNumbers(7)
    const documents = pictures.map(({ label }, at) => {
      const isDescribed = random() < described
      const said = random() < wrong ? labels[Math.floor(random() * labels.length)]! : label
      return filterDocument({
        id: '', imageUri: `urn:picture:${at}`, description: seen.descriptions[at]!, file: null, embedderId: null, indexedAt: null,
        metadata: isDescribed ? { title: said.replaceAll('_', ' ') } : {},
      })
    }) // prettier-ignore
    const figures = new Map<string, { p10: number; ap: number }[]>()
    for (const label of labels) {
      const text = label.replaceAll('_', ' ')
      const asked = readText(embedder, text)
      const isNamed = matcher({ must: [withWords(asked.wanted)] })
      const vector = asked.embeddable === null ? null : (await embedder.embedNames!(asked.embeddable, { signal })).vector
      const near = pictures
        .map((_, at) => ({ at, score: vector ? cosine(vector, seen.vectors[at]!) : 0 }))
        .sort((a, b) => b.score - a.score || a.at - b.at)
        .map(({ at }) => at)
      const named = near.filter((at) => isNamed(documents[at]!))
      const seenAlone = vector ? near : []
      for (const [how, ranking] of Object.entries({
        seen: seenAlone,
        words: named,
        'reciprocal ranks': fused(named.slice(0, depth), seenAlone.slice(0, depth)),
        'words first': [...named, ...seenAlone.filter((at) => !named.includes(at))],
      })) {
        const all = figures.get(how) ?? []
        figures.set(how, [...all, judged(ranking.slice(0, depth).map((at) => pictures[at]!.label === label), pictures.filter((each) => each.label === label).length)])
      }
    } // prettier-ignore
    for (const [how, all] of figures) {
      const [p10, ap] = (['p10', 'ap'] as const).map((key) => estimate(all.map((each) => each[key])))
      const shown = ({ mean, low, high }: typeof p10 & {}) => `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
      rows.push([basename(folder), `${100 * wrong} %`, how, shown(p10!), shown(ap!)])
    } // prettier-ignore
  }
}
console.log(columns([['set', 'wrong words', 'ranking', 'P@10', 'AP of the first 100'], ...rows]))
process.exit()

/** The sum of 1 / (k + rank) over the rankings that have it. */
function fused(...rankings: number[][]): number[] {
  const merits = new Map<number, number>()
  for (const ranking of rankings) {
    for (const [rank, at] of ranking.entries()) {
      merits.set(at, (merits.get(at) ?? 0) + 1 / (k + rank + 1))
    }
  }
  return [...merits].sort(([, a], [, b]) => b - a).map(([at]) => at)
}

function judged(isRight: readonly boolean[], relevant: number) {
  let right = 0
  let precisions = 0
  for (const [at, hit] of isRight.entries()) {
    if (hit) precisions += ++right / (at + 1)
  }
  return {
    p10: isRight.slice(0, 10).filter(Boolean).length / Math.min(10, relevant),
    ap: precisions / Math.min(depth, relevant),
  }
}
