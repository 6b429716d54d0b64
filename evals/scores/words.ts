import type { Embedder } from '../../server/src/embedders/embedder.ts'
import { LookalikeError } from '../../server/src/errors.ts'
import type { Background } from '../../server/src/library/calibration/background.ts'
import { matchOf, type Match } from '../../server/src/library/calibration/match.ts'
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
  const answers: { background: Background; results: Scored[] }[] = []
  for (const label of new Set(library.pictures.map((picture) => picture.label))) {
    const { signal } = new AbortController()
    try {
      const { vector } = await embed.call(embedder, label.replaceAll('_', ' '), { signal })
      const results = library.pictures
        .map((picture) => ({
          score: cosine(vector, picture.vector),
          isRight: picture.label === label,
        }))
        .sort((a, b) => b.score - a.score)
      answers.push({
        background: backgroundOf(library.sample, vector)!,
        results: results.slice(0, looked),
      })
    } catch (error) {
      if (!(error instanceof LookalikeError && error.code === 'unknown_words')) throw error
    }
  }
  return answers.length > 0 ? figures(answers, library.sample.pictures) : null
}

function figures(
  answers: readonly { background: Background; results: readonly Scored[] }[],
  pictures: number,
): WordFigures[] {
  const all = answers.flatMap(({ background, results }) =>
    results.map(({ score, isRight }) => ({
      isRight,
      word: matchOf(background.chance(score) * pictures),
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
