import { counted } from '../counted.ts'
import type { Problems } from '../problems.ts'

const count = counted('en')

export const frame = {
  skip: 'Skip to the pictures',
  navigation: 'Views',
  views: {
    search: 'Search',
    library: 'Library',
    duplicates: 'Duplicates',
    map: 'Map',
    searches: 'New pictures',
    status: 'Server',
    graph: 'Graph',
  },
  pictures: count({ one: '# picture', other: '# pictures' }),
  signOut: 'Sign out',
  settings: 'Settings',
  theme: 'Appearance',
  themes: { system: 'Same as system', light: 'Light', dark: 'Dark' },
  language: 'Language',
  close: 'Close',
  embedder: (id: string) => `Embedder ${id}`,
  store: (name: string) => `Store ${name}`,
  announcements: 'News',
  tray: 'Going on',
  status: 'Server and cost',
  offline: (time: string) => `Offline. This is what was kept, as of ${time}.`,
  problems: {} as Problems,
  failure: {
    noAnswer: 'No answer from Lookalike',
    noAnswerDetail:
      'Lookalike cannot be reached. Check that the server is running and that the network is up.',
    original: 'The server says',
    page: 'Something went wrong on this page',
    pageDetail: (error: string) => `Reload it and try again. (${error})`,
    again: 'Try again',
    code: 'Code',
    request: 'Request',
  },
  missing: {
    picture: 'No picture to show',
    preview: 'No preview',
    named: (missing: string, name: string) => `${missing}: ${name}`,
  },
  notFound: {
    title: 'Nothing is at this address',
    detail: 'The view may have another name now.',
    back: 'Go to the search',
  },
  actions: {
    help: 'Keys',
    helpTitle: 'Keyboard shortcuts',
    commands: 'Commands',
    find: 'Find a command',
    nothing: 'No such command',
    everywhere: 'Everywhere',
    goTo: (view: string) => `Go to ${view}`,
    theme: (theme: string) => `Appearance: ${theme.toLowerCase()}`,
    copyAddress: 'Copy the address of what is shown',
    addressCopied: 'The address is copied.',
    next: 'then',
    keys: { mod: 'Ctrl', Delete: 'Del' },
  },
}
