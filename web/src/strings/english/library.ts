export const library = {
  headline: 'More like this.',
  lead: 'Show Lookalike a picture, and it finds the ones in your library that resemble it most.',
  starters: 'Or begin with one of these',
  like: 'Find pictures like ',
  empty: {
    title: 'Your library is empty',
    why: 'Lookalike finds pictures among those it has been given, and so far it has none. Add one from a terminal:',
    command: 'Command',
    demoBefore: 'Or look around first: stop the server and run ',
    demoAfter: ', which comes with a sample library.',
    again: 'Look again',
  },
  title: 'Library',
  list: 'Pictures of the library',
  loading: 'Looking for more…',
  all: 'That is all of it.',
}
