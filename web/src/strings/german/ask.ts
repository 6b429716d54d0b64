import type { Strings } from '../strings.ts'

export const ask: Strings['ask'] = {
  byImage: 'Mit einem Bild suchen',
  imageFile: 'Bilddatei',
  drop: 'Ein Bild hierher ziehen',
  take: 'Ein Bild aufnehmen',
  paste: 'eines einfügen ',
  or: 'oder ',
  choose: 'eine Datei wählen',
  dropAnywhere: 'Irgendwo loslassen',
  remove: 'Dieses Bild entfernen',
  previewOf: (name) => `Vorschau von ${name}`,
  fromLibrary: 'aus der Sammlung',
  results: 'Ergebnisse',
  resultsHint: 'Wie viele es höchstens sein sollen',
  minimum: 'Mindestähnlichkeit',
  minimumHint: 'Blendet aus, was weniger ähnlich ist',
  search: 'Suchen',
  cancel: 'Abbrechen',
  cancelled: 'Suche abgebrochen.',
  chooseFirst: 'Zuerst ein Bild wählen.',
  oneAtATime: (n) => `Ein Bild auf einmal: das erste von ${n} wurde genommen.`,
  progress: 'Fortschritt',
  stages: {
    receive: 'Wird übertragen',
    decode: 'Bild wird gelesen',
    describe: 'Wird beschrieben',
    embed: 'Wird eingebettet',
    search: 'Wird gesucht',
    store: 'Wird gespeichert',
  },
  byWords: 'Mit Wörtern suchen',
  names: 'Namen von Dingen, deutsch oder englisch: Leuchtturm, teapot, Hund not Pudel',
  anyWords: 'Was die Bilder zeigen sollen',
  find: 'Finden',
  elsewhere: 'Dieses Bild ist nicht hier',
  elsewhereDetail:
    'Diese Suche ging von einem Bild aus, das in einem anderen Fenster gewählt wurde und nicht in der Sammlung ist. Noch einmal gewählt, wird danach gesucht.',
  advice: {
    empty: 'Diese Datei ist leer.',
    noPicture: (formats) =>
      `Das sieht nicht nach einem Bild aus${formats ? `. Lookalike liest ${formats}` : ''}.`,
    tooBig: (size, max) =>
      `Diese Datei hat ${size}; angenommen werden bis zu ${max} MB. Vielleicht eine kleinere Kopie?`,
  },
}
