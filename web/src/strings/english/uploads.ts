import { counted } from '../counted.ts'

const count = counted('en')
const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' })
const minutes = count({ one: '# minute', other: '# minutes' })
const newPictures = count({ one: '# new picture', other: '# new pictures' })

export const uploads = {
  title: 'Add pictures',
  choose: 'Add pictures',
  chooseFolder: 'Add a folder',
  drop: 'Drop them into the library',
  going: (done: number, of: number) => `${done} of ${of} pictures`,
  list: 'List',
  less: 'Less',
  clear: 'Close the list',
  cancel: 'Cancel the rest',
  now: 'Try now',
  retry: count({ one: 'Try # again', other: 'Try # again' }),
  nothing: 'Nothing was added',
  added: count({ one: '# added', other: '# added' }),
  known: count({ one: '# here already', other: '# here already' }),
  skippedCount: count({ one: '# skipped', other: '# skipped' }),
  failed: count({ one: '# failed', other: '# failed' }),
  more: count({ one: 'and # more', other: 'and # more' }),
  lost: count({
    one: '# was not sent before the page was left, and was too large to keep. Add it again.',
    other:
      '# were not sent before the page was left, and were too large to keep. Add them again; what is here already is not sent twice.',
  }),
  cost: (images: number, usd: number, time: number) =>
    `${newPictures(images)} will cost about ${usd < 0.01 ? 'less than a cent' : dollars.format(usd)} and take about ${minutes(Math.max(1, Math.round(time)))}.`,
  costUnknown: (images: number) =>
    `${newPictures(images)} will be sent to a model whose price is not known here.`,
  agree: 'Add them',
  pause: {
    away: 'No answer from Lookalike; it is tried again by itself.',
    busy: 'The server is busy; it goes on by itself.',
    full: 'It goes on once there is room.',
    locked: 'Sign in, and it goes on.',
    refused: 'It stopped:',
  },
  states: {
    waiting: 'waiting',
    ready: 'new',
    sending: 'on its way',
    added: 'added',
    known: 'here already',
    skipped: 'skipped',
    failed: 'failed',
    lost: 'to be added again',
  },
  skipped: {
    empty: 'This file is empty.',
    large: 'It is larger than this server accepts.',
    other: 'This is no picture.',
    unreadable: 'It could not be read: was it moved or changed?',
  },
}
