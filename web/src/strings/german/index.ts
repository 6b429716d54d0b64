import { formats } from '../formats.ts'
import type { Strings } from '../strings.ts'
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

export const german: Strings = {
  format: formats('de'),
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
