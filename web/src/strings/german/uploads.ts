import { counted } from '../counted.ts'
import type { Strings } from '../strings.ts'

const count = counted('de')
const dollars = new Intl.NumberFormat('de', { style: 'currency', currency: 'USD' })
const minutes = count({ one: '# Minute', other: '# Minuten' })
const newPictures = count({ one: '# neues Bild', other: '# neue Bilder' })

export const uploads: Strings['uploads'] = {
  title: 'Bilder hinzufügen',
  choose: 'Bilder hinzufügen',
  chooseFolder: 'Ordner hinzufügen',
  drop: 'In die Sammlung fallen lassen',
  going: (done, of) => `${done} von ${of} Bildern`,
  list: 'Liste',
  less: 'Weniger',
  clear: 'Liste schließen',
  cancel: 'Den Rest abbrechen',
  now: 'Jetzt versuchen',
  retry: count({ one: '# noch einmal versuchen', other: '# noch einmal versuchen' }),
  nothing: 'Nichts hinzugefügt',
  added: count({ one: '# hinzugefügt', other: '# hinzugefügt' }),
  known: count({ one: '# schon da', other: '# schon da' }),
  skippedCount: count({ one: '# übergangen', other: '# übergangen' }),
  failed: count({ one: '# gescheitert', other: '# gescheitert' }),
  more: count({ one: 'und # weiteres', other: 'und # weitere' }),
  lost: count({
    one: '# wurde nicht gesendet, ehe die Seite verlassen wurde, und war zu groß zum Aufheben. Füg es noch einmal hinzu.',
    other:
      '# wurden nicht gesendet, ehe die Seite verlassen wurde, und waren zu groß zum Aufheben. Füg sie noch einmal hinzu; was schon da ist, wird nicht doppelt gesendet.',
  }),
  cost: (images, usd, time) =>
    `${newPictures(images)}: Das kostet etwa ${usd < 0.01 ? 'weniger als einen Cent' : dollars.format(usd)} und dauert etwa ${minutes(Math.max(1, Math.round(time)))}.`,
  costUnknown: (images) =>
    `${newPictures(images)}: Das geht an ein Modell, dessen Preis hier nicht bekannt ist.`,
  agree: 'Hinzufügen',
  pause: {
    away: 'Keine Antwort von Lookalike; es wird von selbst wieder versucht.',
    busy: 'Der Server ist beschäftigt; es geht von selbst weiter.',
    full: 'Es geht weiter, sobald Platz ist.',
    locked: 'Melde dich an, dann geht es weiter.',
    refused: 'Es ging nicht weiter:',
  },
  states: {
    waiting: 'wartet',
    ready: 'neu',
    sending: 'unterwegs',
    added: 'hinzugefügt',
    known: 'schon da',
    skipped: 'übergangen',
    failed: 'gescheitert',
    lost: 'noch einmal hinzuzufügen',
  },
  skipped: {
    empty: 'Diese Datei ist leer.',
    large: 'Sie ist größer, als dieser Server annimmt.',
    other: 'Das ist kein Bild.',
    unreadable: 'Sie ließ sich nicht lesen: Wurde sie verschoben oder geändert?',
  },
}
