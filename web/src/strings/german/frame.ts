import type { Strings } from '../strings.ts'
import { problems } from './problems.ts'
import { counted } from '../counted.ts'

const count = counted('de')

export const frame: Strings['frame'] = {
  skip: 'Zu den Bildern springen',
  navigation: 'Ansichten',
  views: {
    search: 'Suche',
    library: 'Sammlung',
    duplicates: 'Duplikate',
    map: 'Karte',
    searches: 'Neue Bilder',
    status: 'Server',
    graph: 'Graph',
  },
  pictures: count({ one: '# Bild', other: '# Bilder' }),
  signOut: 'Abmelden',
  settings: 'Einstellungen',
  theme: 'Darstellung',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  close: 'Schließen',
  embedder: (id) => `Embedder ${id}`,
  store: (name) => `Speicher ${name}`,
  tray: 'Im Gange',
  status: 'Server und Kosten',
  announcements: 'Neues',
  offline: (time) => `Offline. Dies wurde aufbewahrt, Stand ${time}.`,
  problems,
  failure: {
    noAnswer: 'Keine Antwort von Lookalike',
    noAnswerDetail:
      'Lookalike ist nicht zu erreichen. Prüfe, ob der Server läuft und ob das Netz da ist.',
    original: 'Der Server sagt',
    page: 'Auf dieser Seite ging etwas schief',
    pageDetail: (error) => `Die Seite neu laden und noch einmal versuchen. (${error})`,
    again: 'Noch einmal versuchen',
    code: 'Code',
    request: 'Anfrage',
  },
  missing: {
    picture: 'Kein Bild zu zeigen',
    preview: 'Keine Vorschau',
    named: (missing, name) => `${missing}: ${name}`,
  },
  notFound: {
    title: 'Unter dieser Adresse ist nichts',
    detail: 'Vielleicht heißt die Ansicht jetzt anders.',
    back: 'Zur Suche',
  },
  actions: {
    help: 'Tasten',
    helpTitle: 'Tastenkürzel',
    commands: 'Befehle',
    find: 'Einen Befehl finden',
    nothing: 'Diesen Befehl gibt es nicht',
    everywhere: 'Überall',
    goTo: (view) => `Zur Ansicht ${view}`,
    theme: (theme) => `Darstellung: ${theme.toLowerCase()}`,
    copyAddress: 'Adresse dieser Ansicht kopieren',
    addressCopied: 'Die Adresse ist kopiert.',
    next: 'dann',
    keys: { mod: 'Strg', Delete: 'Entf' },
  },
}
