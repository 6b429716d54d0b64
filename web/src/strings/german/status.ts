import { counted } from '../counted.ts'
import type { Strings } from '../strings.ts'

const count = counted('de')
const pictures = count({ one: '# Bild', other: '# Bilder' })
const minutes = count({ one: '# Minute', other: '# Minuten' })
const date = new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeStyle: 'short' })

export const status: Strings['status'] = {
  title: 'Server',
  health: 'Zustand',
  parts: {
    store: 'Sammlung',
    files: 'Dateien',
    disk: 'Platte',
    databases: 'Datenbanken',
    embedder: 'Einbetter',
    graph: 'Wissensgraph',
    searches: 'Stehende Suchen',
  },
  statuses: { ok: 'Gut.', degraded: 'Eingeschränkt.', unavailable: 'Nicht erreichbar.' },
  lastError: (detail, at) => `Letzte Störung, ${date.format(new Date(at))}: ${detail}`,
  notices: {
    store: 'Die Sammlung arbeitet nicht, wie sie soll.',
    files: 'Originale und Vorschaubilder sind nicht alle zu erreichen.',
    disk: 'Die Platte ist fast voll.',
    databases: 'Eine Datenbank ist beschädigt.',
    embedder: 'Neue Bilder lassen sich nicht so ansehen, wie die Einstellungen sagen.',
    graph: 'Der Wissensgraph hinkt nach.',
    searches: 'Nach einer stehenden Suche muss jemand sehen.',
  },
  more: 'Was zu tun ist',
  reindex: 'Ein anderer Einbetter',
  from: (before, after) => `Von ${before} zu ${after}.`,
  states: {
    none: '',
    running: 'Die Sammlung wird umgestellt; gesucht werden kann weiter.',
    stopped: 'Angehalten.',
    failed: 'Es ging nicht gut aus.',
    complete: 'Fertig.',
  },
  progress: (done, total) => `${done} von ${total} Bildern`,
  failures: count({
    one: '# Bild ließ sich nicht umstellen.',
    other: '# Bilder ließen sich nicht umstellen.',
  }),
  waits: 'Die Einstellungen nennen einen anderen Einbetter als den, der die Sammlung gemacht hat.',
  whatItTakes: 'Was kostet das?',
  plan: (records, cost, time) =>
    `${pictures(records)}, etwa ${minutes(time)}; ${cost === null ? 'der Preis eines Modells ist hier nicht bekannt' : `etwa ${cost}`}.`,
  begin: 'Sammlung umstellen',
  goOn: 'Weitermachen',
  stop: 'Anhalten',
  usage: 'Modelle und Kosten',
  noCalls: 'In den letzten 30 Tagen wurde kein Modell gefragt.',
  month: (cost) => `Diesen Monat etwa ${cost}.`,
  monthOf: (cost, budget) => `Diesen Monat etwa ${cost} von ${budget}.`,
  unpriced: count({
    one: 'Der Preis von # Aufruf ist nicht bekannt.',
    other: 'Der Preis von # Aufrufen ist nicht bekannt.',
  }),
  day: 'Tag',
  model: 'Modell',
  calls: 'Aufrufe',
  tokens: 'Token',
  cost: 'Kosten',
}
