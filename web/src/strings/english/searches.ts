import { counted } from '../counted.ts'

const count = counted('en')
const unseen = count({ one: '# new picture', other: '# new pictures' })
const pictures = count({ one: '# picture', other: '# pictures' })

export const searches = {
  title: 'New pictures',
  bell: (count: number) => (count === 0 ? 'New pictures: none' : `New pictures: ${unseen(count)}`),
  lead: 'These searches stand: each tells of new pictures that match.',
  how: 'No search stands yet. Search for something, and choose “Tell me of new ones like these”: new pictures that match are then listed here, and the bell counts them.',
  tellMe: 'Tell me of new ones like these',
  told: 'From now on the bell tells of new ones:',
  asked: 'What is asked for',
  counts: (all: number, fresh: number) =>
    fresh > 0 ? `${unseen(fresh)}, ${pictures(all)} in all` : `${pictures(all)}, all seen`,
  newest: (time: string) => `newest ${time}`,
  forgotten: count({ one: '# older one is not listed', other: '# older ones are not listed' }),
  states: {
    watching: 'It is watching.',
    paused: 'Paused: new pictures pass by.',
    outdated: 'It waits to be asked again.',
  },
  matchesOf: (name: string) => `What ${name} has found`,
  none: 'Nothing new has matched yet.',
  matched: (time: string) => `Matched ${time}`,
  unseen: (name: string) => `New: ${name}`,
  gone: 'Deleted since',
  seen: 'All seen',
  pause: 'Pause',
  resume: 'Go on',
  settings: 'Settings',
  more: 'Show more',
  name: 'Name of the search',
  rename: 'Rename',
  webhook: 'Webhook: where matches are sent',
  setWebhook: 'Set',
  noWebhook: 'Send nowhere',
  webhookStates: {
    ok: 'The webhook takes what it is sent.',
    failing: 'The webhook does not answer as it should, and is tried again.',
    stopped: 'Nothing more is sent: set the webhook anew.',
  },
  secret: 'Messages are signed with this secret, which is not shown again:',
  least: (match: string | null, score: number | null) =>
    `Pictures are told of that ${[match && `match at least “${match}”`, score !== null && `score at least ${score.toFixed(3)}`].filter(Boolean).join(' and ')}.`,
  remove: 'Delete this search',
}
