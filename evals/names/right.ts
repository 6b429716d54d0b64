import { understand } from '../../server/src/names/lookup.ts'
import type { Vocabulary } from '../../server/src/names/vocabulary.ts'

/** The classes that a folder's name stands for; undefined where it is not known. */
export function classesOf(label: string, vocabulary: Vocabulary): Set<number> | undefined {
  const { asked, unknown } = understand(label.replaceAll('_', ' '), vocabulary)
  if (unknown.length > 0 || asked.length === 0) return undefined
  return new Set(asked.flatMap(({ entries }) => entries.flatMap(({ classes }) => [...classes])))
}

/** A name is right where it means no more than the label, or the label no more than it. */
export function isRight(name: string, label: ReadonlySet<number>, vocabulary: Vocabulary): boolean {
  return vocabulary
    .filter((entry) => entry.name === name)
    .some(
      ({ classes }) =>
        classes.every((index) => label.has(index)) ||
        [...label].every((index) => classes.includes(index)),
    )
}
