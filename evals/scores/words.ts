import type { Embedded, Embedder, NameBounds } from '../../server/src/embedders/embedder.ts'
import { LookalikeError } from '../../server/src/errors.ts'
import type { Background } from '../../server/src/library/calibration/background.ts'
import { matchOf, withinBounds, type Match } from '../../server/src/library/calibration/match.ts'
import { sumOf } from '../../server/src/library/questions/sum.ts'
import { isNear } from '../../server/src/records/perceptual.ts'
import { backgroundOf } from '../../server/src/library/calibration/sample.ts'
import { cosine } from '../retrieval.ts'
import { backgroundAt, type JudgedLibrary } from './library.ts'

const judged = ['strong', 'possible', 'weak'] as const satisfies Match[]
/** Results of each query that are looked at, as many as an answer can have. */
const looked = 100

export interface WordFigures {
  readonly word: (typeof judged)[number]
  readonly results: number
  /** How many of them are of the query's class. */
  readonly right: number
  /** Wrong ones a query. For `strong` and `possible` it is said to be 0.1 and 3 at most. */
  readonly wrongEach: number
  readonly queries: number
}

interface Scored {
  readonly score: number
  readonly isRight: boolean
}

interface Answer {
  readonly background: Background
  readonly results: readonly Scored[]
  /** Of a name. */
  readonly bounds?: NameBounds
}

/** How often each word is right, copies left out. */
export function measureWords(library: JudgedLibrary): WordFigures[] {
  const answers = library.rankings.map((ranking, at) => ({
    background: backgroundAt(library, at),
    results: ranking.slice(0, looked).filter(({ isCopy }) => !isCopy),
  }))
  return figures(answers, library.sample.pictures)
}

/** The same of searches by the names of classes; null where the embedder knows none of them. */
export async function measureTexts(
  library: JudgedLibrary,
  embedder: Embedder,
): Promise<WordFigures[] | null> {
  const embed = embedder.embedText ?? embedder.embedNames
  if (!embed) return null
  const answers: Answer[] = []
  for (const label of new Set(library.pictures.map((picture) => picture.label))) {
    const { signal } = new AbortController()
    try {
      const embedded: Embedded & { bounds?: NameBounds } = await embed.call(
        embedder,
        label.replaceAll('_', ' '),
        { signal },
      )
      const { vector, bounds } = embedded
      const results = library.pictures
        .map((picture) => ({
          score: cosine(vector, picture.vector),
          isRight: picture.label === label,
        }))
        .sort((a, b) => b.score - a.score)
      answers.push({
        background: backgroundOf(library.sample, vector)!,
        results: results.slice(0, looked),
        ...(bounds && { bounds }),
      })
    } catch (error) {
      if (!(error instanceof LookalikeError && error.code === 'unknown_words')) throw error
    }
  }
  return answers.length > 0 ? figures(answers, library.sample.pictures) : null
}

/**
 * The same of questions that are sums: of every picture with the next one of its class, or of another class; a result is right
 * where it is of the class of either. Copies of the parts are left out.
 */
export function measureSums(library: JudgedLibrary, parts: 'alike' | 'unlike'): WordFigures[] {
  const { pictures } = library
  const answers = pictures.flatMap((one, at) => {
    const around = pictures.map((_, step) => (at + 1 + step) % pictures.length)
    const other = around.find((index) => index !== at && (pictures[index]!.label === one.label) === (parts === 'alike'))
    if (other === undefined) return []
    const vector = sumOf([one, pictures[other]!].map((part) => ({ vector: part.vector, weight: 1 })))
    const results = pictures
      .filter((each) => ![one, pictures[other]!].some((part) => isNear(part.phash, each.phash)))
      .map((each) => ({
        score: cosine(vector, each.vector),
        isRight: [one.label, pictures[other]!.label].includes(each.label),
      }))
      .sort((a, b) => b.score - a.score)
    return [{ background: backgroundOf(library.sample, vector)!, results: results.slice(0, looked) }]
  })
  return figures(answers, library.sample.pictures)
} // prettier-ignore

/** Of names of things of which no picture shows any, nor one of their next kind: how many find one that matches. */
export interface AbsentFigures {
  readonly names: number
  readonly strong: number
  /** Strong ones among them. */
  readonly possible: number
}

/** Null where the embedder has no vocabulary. */
export async function measureAbsent(library: JudgedLibrary, embedder: Embedder): Promise<AbsentFigures | null> {
  const { vocabulary, readNames, embedNames } = embedder
  if (!vocabulary || !readNames || !embedNames) return null
  const labels = new Set(library.pictures.map(({ label }) => label.replaceAll('_', ' ')))
  const shown = new Set([...labels].flatMap((label) => readNames.call(embedder, label).known.flatMap(({ names }) => names)))
  const byName = new Map(vocabulary.call(embedder).map((each) => [each.name, each]))
  const kinds = new Set([...shown].flatMap((name) => byName.get(name)?.kinds.slice(0, 1) ?? []))
  const absent = [...byName.values()].filter(
    ({ name, isKind, kinds: own }) => !isKind && !shown.has(name) && !own.some((kind) => kinds.has(kind)),
  )
  const best: Match[] = []
  for (const { name } of absent) {
    const { signal } = new AbortController()
    const { vector, bounds } = await embedNames.call(embedder, name, { signal })
    const score = Math.max(...library.pictures.map((picture) => cosine(vector, picture.vector)))
    const background = backgroundOf(library.sample, vector)!
    best.push(wordOf({ background, bounds }, score, library.sample.pictures))
  }
  const count = (...words: Match[]) => best.filter((word) => words.includes(word)).length
  return { names: absent.length, strong: count('strong'), possible: count('strong', 'possible') }
} // prettier-ignore

function wordOf({ background, bounds }: Omit<Answer, 'results'>, score: number, pictures: number): Match {
  const word = matchOf(background.chance(score) * pictures)
  return bounds ? withinBounds(word, score, bounds) : word
} // prettier-ignore

function figures(answers: readonly Answer[], pictures: number): WordFigures[] {
  const all = answers.flatMap((answer) =>
    answer.results.map(({ score, isRight }) => ({
      isRight,
      word: wordOf(answer, score, pictures),
    })),
  )
  return judged.map((word) => {
    const said = all.filter((each) => each.word === word)
    const right = said.filter(({ isRight }) => isRight).length
    const queries = answers.length
    return {
      word,
      results: said.length,
      right,
      wrongEach: (said.length - right) / queries,
      queries,
    }
  })
}
