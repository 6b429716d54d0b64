import type { Question } from '../../address/question.ts'

export type Judgement = 'relevant' | 'irrelevant'

/** As many of each kind as the API takes. */
const most = 100

/** Ids of results that were found right and wrong, as the address has them. */
export function judgedIn({ right, wrong }: Question): Record<Judgement, string[]> {
  return { relevant: idsIn(right), irrelevant: idsIn(wrong) }
}

export function areJudged({ right, wrong }: Question): boolean {
  return right !== '' || wrong !== ''
}

/** What somebody said of a result; null: nothing. */
export function judgementOf(question: Question, id: string): Judgement | null {
  const { relevant, irrelevant } = judgedIn(question)
  if (relevant.includes(id)) return 'relevant'
  return irrelevant.includes(id) ? 'irrelevant' : null
}

/** The same question with another judgement of a result; null takes it back. The oldest of too many go. */
export function withJudgement(
  question: Question,
  id: string,
  judgement: Judgement | null,
): Pick<Question, 'right' | 'wrong'> {
  const { relevant, irrelevant } = judgedIn(question)
  const listed = (ids: string[], kind: Judgement) => {
    const others = ids.filter((each) => each !== id)
    return (judgement === kind ? [...others, id] : others).slice(-most).join(',')
  }
  return { right: listed(relevant, 'relevant'), wrong: listed(irrelevant, 'irrelevant') }
}

function idsIn(text: string): string[] {
  return text.split(',').filter((id) => /^[\w-]{1,40}$/.test(id))
}
