import { counted } from '../counted.ts'

const count = counted('en')
const groups = count({ one: '# picture is', other: '# pictures are' })

export const duplicates = {
  title: 'Duplicates',
  lead: (found: number, others: number) =>
    `${groups(found)} here more than once; ${count({ one: '# copy', other: '# copies' })(others)} could go. What is chosen stays, the others are deleted.`,
  none: 'No picture is here more than once.',
  pending: count({
    one: '# more is being compared.',
    other: '# more are being compared.',
  }),
  group: (copies: number, name: string) => `${copies} copies of ${name}`,
  keeps: 'Keep',
  goes: 'Delete',
  best: 'best copy',
  identical: 'the same file',
  similar: 'the same picture',
  deleteOthers: count({ one: 'Delete the other', other: 'Delete the other #' }),
  deleteAll: 'Delete the others of all',
  changes: {
    mirrored: () => 'mirrored',
    turned: (degrees: number) => `turned by ${degrees}°`,
    rotated: (degrees: number) => `rotated by ${degrees}°`,
    cropped: (percent: number) => `cropped to ${percent} %`,
    extended: () => 'shows more around it',
    framed: () => 'framed',
    unframed: () => 'without a frame',
    overlaid: () => 'written or drawn over',
    grey: () => 'turned grey',
    coloured: () => 'in colour',
    recoloured: () => 'other colours',
    brighter: () => 'brighter',
    darker: () => 'darker',
    more_contrast: () => 'more contrast',
    less_contrast: () => 'less contrast',
    scaled: (percent: number) => `scaled to ${percent} %`,
  },
}
