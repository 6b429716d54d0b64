import type { Entry, Vocabulary } from './vocabulary.ts'

/** More would be a question about half of all there is. */
const mostMembers = 400

/** Names under which the same is spoken of: its own in both languages and, of a kind, those of what belongs to it. */
export function saidOtherwise(entries: readonly Entry[], vocabulary: Vocabulary): string[] {
  const names = new Set(entries.flatMap(({ english, german }) => [...english, ...german]))
  for (const { name, isKind } of entries) {
    const members = isKind ? vocabulary.filter(({ kinds }) => kinds.includes(name)) : []
    // Of each only what it is called first: what else it is called is more often the name of something else, too.
    for (const { english, german } of members.slice(0, mostMembers)) {
      for (const first of [english[0], german[0]]) if (first) names.add(first)
    }
  }
  return [...names].map((each) => each.replace(/\(.*\)/, '').trim())
}
