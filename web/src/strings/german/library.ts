import type { Strings } from '../strings.ts'

export const library: Strings['library'] = {
  headline: 'Mehr davon.',
  lead: 'Zeig Lookalike ein Bild, und es findet in deiner Sammlung die, die ihm am meisten gleichen.',
  starters: 'Oder mit einem von diesen beginnen',
  like: 'Bilder finden wie ',
  empty: {
    title: 'Deine Sammlung ist leer',
    why: 'Lookalike findet Bilder unter denen, die es bekommen hat, und bisher hat es keine. Eines im Terminal hinzufügen:',
    command: 'Befehl',
    demoBefore: 'Oder erst umsehen: den Server anhalten und ',
    demoAfter: ' starten; das bringt eine Beispielsammlung mit.',
    again: 'Noch einmal nachsehen',
  },
  title: 'Sammlung',
  list: 'Bilder der Sammlung',
  loading: 'Es wird nach mehr gesehen…',
  all: 'Das ist alles.',
}
