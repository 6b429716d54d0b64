import { counted } from '../counted.ts'

const count = counted('en')
const pictures = count({ one: '# picture', other: '# pictures' })
const minutes = count({ one: '# minute', other: '# minutes' })
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

export const status = {
  title: 'Server',
  health: 'Health',
  parts: {
    store: 'Library',
    files: 'Files',
    disk: 'Disk',
    databases: 'Databases',
    embedder: 'Embedder',
    graph: 'Knowledge graph',
    searches: 'Searches that stand',
  },
  statuses: { ok: 'Fine.', degraded: 'Limited.', unavailable: 'Not available.' },
  lastError: (detail: string, at: string) =>
    `Last trouble, ${date.format(new Date(at))}: ${detail}`,
  notices: {
    store: 'The library does not work as it should.',
    files: 'Originals and thumbnails cannot all be reached.',
    disk: 'The disk is nearly full.',
    databases: 'A database is damaged.',
    embedder: 'New pictures cannot be looked at as the settings say.',
    graph: 'The knowledge graph is behind.',
    searches: 'A search that stands needs a look.',
  },
  more: 'What to do',
  reindex: 'Another embedder',
  from: (before: string, after: string) => `From ${before} to ${after}.`,
  states: {
    none: '',
    running: 'It is being made over; searches go on meanwhile.',
    stopped: 'It was stopped.',
    failed: 'It did not end well.',
    complete: 'It is done.',
  },
  progress: (done: string, total: string) => `${done} of ${total} pictures`,
  failures: count({
    one: '# picture could not be made over.',
    other: '# pictures could not be made over.',
  }),
  waits: 'The settings name another embedder than the one that made the library.',
  whatItTakes: 'What would it take?',
  plan: (records: number, cost: string | null, time: number) =>
    `${pictures(records)}, about ${minutes(time)}; ${cost === null ? 'the price of a model is not known here' : `about ${cost}`}.`,
  begin: 'Make the library over',
  goOn: 'Go on',
  stop: 'Stop',
  usage: 'Models and cost',
  noCalls: 'No model was asked in the last 30 days.',
  month: (cost: string) => `This month about ${cost}.`,
  monthOf: (cost: string, budget: string) => `This month about ${cost} of ${budget}.`,
  unpriced: count({
    one: 'The price of # call is not known.',
    other: 'The price of # calls is not known.',
  }),
  day: 'Day',
  model: 'Model',
  calls: 'Calls',
  tokens: 'Tokens',
  cost: 'Cost',
}
