import { counted } from '../counted.ts'

const count = counted('en')

export const removals = {
  title: 'Deleted pictures',
  deleted: count({ one: '# picture deleted', other: '# pictures deleted' }),
  deleting: count({ one: 'Deleting # picture…', other: 'Deleting # pictures…' }),
  failed: (reason: string) => `Not deleted: ${reason}`,
  undo: 'Undo',
  undoNamed: count({ one: 'Get # deleted picture back', other: 'Get # deleted pictures back' }),
  undone: count({ one: '# picture is back.', other: '# pictures are back.' }),
  now: 'Delete for good now',
}
