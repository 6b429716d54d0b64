import { formats } from '../formats.ts'
import { ask } from './ask.ts'
import { duplicates } from './duplicates.ts'
import { feedback } from './feedback.ts'
import { frame } from './frame.ts'
import { graph } from './graph.ts'
import { library } from './library.ts'
import { lightbox } from './lightbox.ts'
import { map } from './map.ts'
import { removals } from './removals.ts'
import { results } from './results.ts'
import { searches } from './searches.ts'
import { signIn } from './sign-in.ts'
import { status } from './status.ts'
import { uploads } from './uploads.ts'

/** Every word of the page, by room; each room has a file of its own, in each language. */
export const english = {
  format: formats('en'),
  feedback,
  frame,
  ask,
  results,
  library,
  lightbox,
  map,
  removals,
  graph,
  searches,
  signIn,
  duplicates,
  status,
  uploads,
}
