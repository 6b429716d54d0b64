import type { Strings } from '../strings.ts'

import { counted } from '../counted.ts'

const count = counted('de')

export const library: Strings['library'] = {
  headline: 'Mehr davon.',
  lead: 'Zeig Lookalike ein Bild, und es findet in deiner Sammlung die, die ihm am meisten gleichen.',
  starters: 'Oder mit einem von diesen beginnen',
  like: 'Bilder finden wie ',
  empty: {
    title: 'Deine Sammlung ist leer',
    why: 'Lookalike findet Bilder unter denen, die es bekommen hat, und bisher hat es keine.',
    terminal: 'Oder einen Ordner von einem Terminal aus:',
    command: 'Befehl',
    demoBefore: 'Oder erst umsehen: den Server anhalten und ',
    demoAfter: ' starten; das bringt eine Beispielsammlung mit.',
    again: 'Noch einmal nachsehen',
  },
  title: 'Sammlung',
  list: 'Bilder der Sammlung',
  pictures: count({ one: '# Bild', other: '# Bilder' }),
  pictureNumber: (n) => `Bild ${n}`,
  which: 'Welche Bilder',
  text: 'In Adresse oder Beschreibung',
  textLabel: 'Einen Text in Adresse oder Beschreibung finden',
  order: 'Reihenfolge',
  newest: 'Neueste zuerst',
  oldest: 'Älteste zuerst',
  narrow: 'Filtern',
  narrowedTo: 'Gefiltert nach',
  dropChip: ', nicht danach fragen',
  shows: 'Zeigt',
  noFacets: 'Nichts zur Auswahl: Diese Bilder haben weder Namen noch Metadaten.',
  facetsFailed:
    'Was zur Auswahl steht, ließ sich nicht laden. Schließ das hier und öffne es noch einmal.',
  noneOfThese: 'Kein Bild passt. Ein Wort oder einen Filter weglassen.',
  noneLeft: 'Alle Bilder sind gelöscht.',
  selection: 'Ausgewählte Bilder',
  select: (name) => `${name} auswählen`,
  selectAll: 'Alle gezeigten auswählen',
  selected: count({ one: '# ausgewählt', other: '# ausgewählt' }),
  clearSelection: 'Nichts auswählen',
  download: 'Herunterladen',
  remove: 'Löschen',
  stop: 'Anhalten',
  fetched: (done, of) => `${done} von ${of} geholt`,
  tooMany: (most) =>
    `Ein Browser kann ${most} Bilder zusammen sichern. Wähl weniger aus, oder nimm die Befehlszeile: lookalike export.`,
  tooMuch:
    'Das sind zusammen mehr als 2 GB. Wähl weniger aus, oder nimm die Befehlszeile: lookalike export.',
  downloadFailed: (reason) => `Das Herunterladen endete vorzeitig: ${reason}`,
  removed: count({
    one: '# Bild gelöscht. 20 Sekunden lang lässt es sich zurückholen.',
    other: '# Bilder gelöscht. 20 Sekunden lang lassen sie sich zurückholen.',
  }),
  edit: {
    action: 'Metadaten bearbeiten',
    title: count({ one: 'Metadaten von # Bild', other: 'Metadaten von # Bildern' }),
    lead: 'Was du hier setzt, gilt für jedes von ihnen; alles andere in ihren Metadaten bleibt.',
    leadOfOne: 'Was du nicht änderst, bleibt, wie es ist.',
    line: (n) => `Änderung ${n}`,
    key: 'Schlüssel',
    value: 'Wert',
    remove: 'Entfernen',
    removed: 'Entfernt',
    another: 'Noch ein Schlüssel',
    save: 'Speichern',
    saving: 'Wird gesichert…',
    saved: count({ one: '# Bild geändert.', other: '# Bilder geändert.' }),
  },
}
