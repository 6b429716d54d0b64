import { counted } from '../counted.ts'
import type { Strings } from '../strings.ts'

const count = counted('de')
const unseen = count({ one: '# neues Bild', other: '# neue Bilder' })
const pictures = count({ one: '# Bild', other: '# Bilder' })

export const searches: Strings['searches'] = {
  title: 'Neue Bilder',
  bell: (count) => (count === 0 ? 'Neue Bilder: keine' : `Neue Bilder: ${unseen(count)}`),
  lead: 'Diese Suchen stehen: Jede meldet neue Bilder, die passen.',
  how: 'Noch steht keine Suche. Suche etwas und wähle „Neue melden, die so aussehen“: Neue Bilder, die passen, stehen dann hier, und die Glocke zählt sie.',
  tellMe: 'Neue melden, die so aussehen',
  told: 'Von jetzt an meldet die Glocke neue:',
  asked: 'Wonach gesucht wird',
  counts: (all, fresh) =>
    fresh > 0 ? `${unseen(fresh)}, ${pictures(all)} insgesamt` : `${pictures(all)}, alle gesehen`,
  newest: (time) => `neuestes ${time}`,
  forgotten: count({
    one: '# älteres steht nicht mehr hier',
    other: '# ältere stehen nicht mehr hier',
  }),
  states: {
    watching: 'Sie passt auf.',
    paused: 'Angehalten: Neue Bilder gehen vorbei.',
    outdated: 'Sie wartet darauf, neu gestellt zu werden.',
  },
  matchesOf: (name) => `Was ${name} gefunden hat`,
  none: 'Noch hat nichts Neues gepasst.',
  matched: (time) => `Gefunden ${time}`,
  unseen: (name) => `Neu: ${name}`,
  gone: 'Seither gelöscht',
  seen: 'Alle gesehen',
  pause: 'Anhalten',
  resume: 'Weiter',
  settings: 'Einstellungen',
  more: 'Mehr zeigen',
  name: 'Name der Suche',
  rename: 'Umbenennen',
  webhook: 'Webhook: wohin Treffer gesendet werden',
  setWebhook: 'Setzen',
  noWebhook: 'Nirgendhin senden',
  webhookStates: {
    ok: 'Der Webhook nimmt an, was ihm gesendet wird.',
    failing: 'Der Webhook antwortet nicht, wie er soll, und wird wieder versucht.',
    stopped: 'Es wird nichts mehr gesendet: Setze den Webhook neu.',
  },
  secret: 'Nachrichten werden mit diesem Geheimnis unterschrieben, das nicht wieder gezeigt wird:',
  least: (match, score) =>
    `Gemeldet werden Bilder, die ${[match && `mindestens „${match}“ passen`, score !== null && `mindestens ${score.toFixed(3).replace('.', ',')} erreichen`].filter(Boolean).join(' und ')}.`,
  remove: 'Diese Suche löschen',
}
