import { counted } from '../counted.ts'
import type { Strings } from '../strings.ts'

const count = counted('de')
const pictures = count({ one: '# Bild', other: '# Bilder' })
const ofPictures = count({ one: '# Bild', other: '# Bildern' })

export const map: Strings['map'] = {
  title: 'Karte',
  layingOut:
    'Die ersten Plätze werden gesucht. Bei einer großen Sammlung dauert das etwa eine Minute.',
  layingOutAgain: 'Die Sammlung ist gewachsen: Eine neue Karte wird angelegt. Dies ist die alte.',
  placing: 'Die Bilder finden ihre Plätze zwischen den ersten.',
  placed: (done, of) => `${count({ other: '#' })(done)} von ${ofPictures(of)}`,
  progress: 'Wie viele Bilder einen Platz haben',
  failed: 'Die Karte konnte nicht angelegt werden.',
  none: 'Es gibt noch keine Karte: Die Sammlung ist leer.',
  few: (n, least) =>
    `Von ${ofPictures(n)} gibt es keine Karte: Sie passen auf einen Bildschirm. Ab ${least} liegen hier nebeneinander, die sich ähneln.`,
  toLibrary: 'Zur Sammlung',
  colourBy: 'Farbe nach',
  oneColour: 'Keine',
  colouring: 'Die Farben werden nachgeschlagen.',
  colouringFailed: 'Die Farben konnten nicht nachgeschlagen werden. Wähle sie noch einmal.',
  legend: 'Was die Farben bedeuten',
  others: 'Andere',
  lasso: 'Einkreisen',
  chooseView: 'Sichtbare auswählen',
  inView: (n, of) =>
    n === of ? pictures(of) : `${count({ other: '#' })(n)} von ${ofPictures(of)} zu sehen`,
  closer: 'Näher',
  farther: 'Weiter weg',
  all: 'Die ganze Karte zeigen',
  picture: (n) => `Bild ${n}`,
  help: (n) =>
    `Wo ${pictures(n)} liegen: je ähnlicher, desto näher. Ziehen oder Pfeiltasten verschieben, Mausrad, zwei Finger oder + und − zoomen; einkreisen geht mit „Einkreisen“ oder bei gehaltener Umschalttaste. „Sichtbare auswählen“ listet die Bilder darunter auf, für jede Art zu lesen.`,
  chosen: count({
    one: '# Bild auf der Karte ausgewählt',
    other: '# Bilder auf der Karte ausgewählt',
  }),
  chosenLead: 'Öffne eines, um es anzusehen, oder tu etwas mit allen.',
  chosenBelow: count({
    one: '# Bild steht unter der Karte.',
    other: '# Bilder stehen unter der Karte.',
  }),
  nothingThere: 'Dort liegt kein Bild.',
}
