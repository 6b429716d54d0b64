import type { Entry, Sort } from './vocabulary.ts'

/** As captions have it: models were trained on those, and know words alone less well. */
const prompts: Record<Sort, (name: string) => string> = {
  thing: (name) => `a photo of ${name}`,
  scene: (name) => `a photo of ${name}`,
  light: (name) => `a photo with ${name}`,
  mood: (name) => `a picture that looks ${name}`,
  style: (name) => name,
  colour: (name) => `a picture in ${name}`,
}

/** What is embedded for a name. */
export function promptOf({ sort, name }: Entry): string {
  return prompts[sort](name)
}
