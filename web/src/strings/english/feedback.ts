import { counted } from '../counted.ts'

const count = counted('en')
const likes = count({ one: '# right result', other: '# right results' })
const dislikes = count({ one: '# wrong one', other: '# wrong ones' })

export const feedback = {
  right: (name: string) => `${name} is right`,
  wrong: (name: string) => `${name} is wrong`,
  titles: { right: 'Right: more of these', wrong: 'Wrong: fewer of these' },
  moved: (right: number, wrong: number) =>
    `Moved by ${[right > 0 && likes(right), wrong > 0 && dislikes(wrong)].filter(Boolean).join(' and ')}.`,
  clear: 'As it was',
  keeping: 'Judgements of results',
  keep: 'Keep on the server',
  failed: (why: string) => `The judgement was not kept: ${why}`,
}
