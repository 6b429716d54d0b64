import { estimate } from '../bootstrap.ts'
import { columns, withInterval } from '../report/table.ts'
import type { FeedbackReport, FeedbackResult } from './measure.ts'
import type { Measures } from './measures.ts'

/** Below so many questions an interval says little. */
const few = 30

/** For a terminal. */
export function feedbackTable({ set, results, unanswered }: FeedbackReport): string {
  const { questions, relevant, irrelevant, gone, oneSided } = set
  const counts = `${questions.length - unanswered} questions with ${relevant} pictures judged right and ${irrelevant} wrong.`
  const left = [
    ...(oneSided > 0
      ? [`${oneSided} questions are left out whose judgements are all of one kind`]
      : []),
    ...(unanswered > 0 ? [`${unanswered} that an embedder here has no vectors for`] : []),
    ...(gone > 0 ? [`${gone} judgements of pictures that are gone`] : []),
  ]
  const note =
    'Pictures that nobody judged are left out of the rankings, and those that were never shown could not be judged: ' +
    'the figures compare embedders, and are no recall.'
  const notes = [...(left.length > 0 ? [`Left out: ${left.join('; ')}.`] : []), note]
  const measured = results[0]!.measures.length
  if (measured === 0) {
    return `${counts}\n${notes.join('\n')}\nA question counts from one picture judged right and one judged wrong on.`
  }
  if (measured < few)
    notes.push(
      `With fewer than ${few} questions the intervals are wide, and are themselves guesses.`,
    )
  const head = ['embedder', 'questions', 'AP', 'nDCG', 'bpref']
  const rows = results.map((result) => [
    result.name,
    String(measured),
    ...names.map((name) => withInterval(estimate(valuesOf(result, name)))),
  ])
  return `${counts}\n\n${columns([head, ...rows])}\n\n${notes.join('\n')}`
}

/** For a program. */
export function feedbackJson({ set, results, unanswered }: FeedbackReport): string {
  const { relevant, irrelevant, gone, oneSided } = set
  const figures = results.map((result) => ({
    embedder: result.name,
    questions: result.measures.length,
    ...Object.fromEntries(
      names.map((name) => {
        const { mean, low, high } = estimate(valuesOf(result, name))
        return [name, { mean, confidence_95: [low, high] }]
      }),
    ),
  }))
  const judgements = { relevant, irrelevant, gone }
  const left_out = { one_sided: oneSided, without_vectors: unanswered }
  return JSON.stringify({ judgements, left_out, results: figures }, null, 2)
}

const names = ['ap', 'ndcg', 'bpref'] as const

function valuesOf({ measures }: FeedbackResult, name: keyof Measures): number[] {
  return measures.map((each) => each[name])
}
