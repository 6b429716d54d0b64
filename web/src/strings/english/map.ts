import { counted } from '../counted.ts'

const count = counted('en')
const pictures = count({ one: '# picture', other: '# pictures' })

export const map = {
  title: 'Map',
  layingOut: 'The first places are being found. A large library takes about a minute.',
  layingOutAgain: 'The library has grown: a new map is being laid out. This is the old one.',
  placing: 'The pictures are finding their places among the first.',
  placed: (done: number, of: number) => `${count({ other: '#' })(done)} of ${pictures(of)}`,
  progress: 'How many pictures have a place',
  failed: 'The map could not be laid out.',
  none: 'There is no map yet: the library is empty.',
  few: (n: number, least: number) =>
    `There is no map of ${pictures(n)}: they fit on one screen. From ${least} on, those that are alike are laid out near each other here.`,
  toLibrary: 'Open the library',
  colourBy: 'Colour by',
  oneColour: 'Nothing',
  colouring: 'Colours are being looked up.',
  colouringFailed: 'The colours could not be looked up. Choose them again.',
  legend: 'What the colours mean',
  others: 'Others',
  lasso: 'Lasso',
  chooseView: 'Select all in view',
  inView: (n: number, of: number) =>
    n === of ? pictures(of) : `${count({ other: '#' })(n)} of ${pictures(of)} in view`,
  closer: 'Closer',
  farther: 'Farther',
  all: 'Show the whole map',
  picture: (n: string) => `Picture ${n}`,
  help: (n: number) =>
    `Where ${pictures(n)} lie: the more alike, the nearer. Drag or use the arrow keys to move, turn the wheel, pinch or press + and − to zoom, and draw around pictures with the lasso or while holding Shift. “Select all in view” lists them below, for every way of reading.`,
  chosen: count({ one: '# picture selected on the map', other: '# pictures selected on the map' }),
  chosenLead: 'Open one to look at it, or do something with all of them.',
  chosenBelow: count({
    one: '# picture is listed below the map.',
    other: '# pictures are listed below the map.',
  }),
  nothingThere: 'No picture lies there.',
}
