import type { KeptQuestion } from '../../server/src/library/kept-questions/kept-question.ts'
import { toKept } from '../../server/src/library/kept-questions/kept-question.ts'
import type { VectorRecord } from '../../server/src/records/record.ts'
import type { State } from '../../server/src/state/state.ts'
import type { ImageStore } from '../../server/src/stores/image-store.ts'

/** A question that somebody judged results of. */
export interface JudgedQuestion {
  readonly question: KeptQuestion
  readonly combine: 'sum' | 'all'
  readonly judged: readonly { readonly record: VectorRecord; readonly isRelevant: boolean }[]
}

export interface TestSet {
  readonly questions: JudgedQuestion[]
  readonly relevant: number
  readonly irrelevant: number
  /** Judgements of pictures that are gone. */
  readonly gone: number
  /** Questions with judgements of one kind alone, which say nothing of an order. */
  readonly oneSided: number
}

const all = 1_000_000
const readAtOnce = 500

/** What people kept of their judgements, as a test set of their own. */
export async function readTestSet(state: State, store: ImageStore): Promise<TestSet> {
  const kept = state.feedback.page(undefined, all)
  const records = new Map<string, VectorRecord>()
  const ids = [...new Set(kept.map(({ image }) => image))]
  for (let from = 0; from < ids.length; from += readAtOnce) {
    for (const record of await store.getWithVectors(ids.slice(from, from + readAtOnce))) {
      records.set(record.id, record)
    }
  }
  const there = kept.filter(({ image }) => records.has(image))
  const questions: JudgedQuestion[] = []
  let oneSided = 0
  for (const [id, judgements] of Map.groupBy(there, ({ question }) => question)) {
    if (new Set(judgements.map(({ isRelevant }) => isRelevant)).size < 2) {
      oneSided++
      continue
    }
    const question = toKept(state.questions.get(id)!)
    const { combine = 'sum' } = question.asked as { combine?: 'sum' | 'all' }
    const judged = judgements.map(({ image, isRelevant }) => ({
      record: records.get(image)!,
      isRelevant,
    }))
    questions.push({ question, combine, judged })
  }
  const judged = questions.flatMap((each) => each.judged)
  const relevant = judged.filter(({ isRelevant }) => isRelevant).length
  return {
    questions,
    relevant,
    irrelevant: judged.length - relevant,
    gone: kept.length - there.length,
    oneSided,
  }
}
