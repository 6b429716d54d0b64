import { yieldToOthers } from '../../yield-to-others.ts'

/** Sorted at once, or put in their place, before others have their turn: some milliseconds. */
const atOnce = 4_096

/**
 * The same as `toSorted`, stable as that is, for lists that it would take a tenth of a second for: parts are sorted, and then
 * merged two by two.
 *
 * @throws the signal's reason once aborted
 */
export async function sortedInTurns<T>(
  values: readonly T[],
  compare: (a: T, b: T) => number,
  signal?: AbortSignal,
): Promise<T[]> {
  let parts: T[][] = []
  for (let at = 0; at < values.length; at += atOnce) {
    if (at > 0) await yieldToOthers(signal)
    parts.push(values.slice(at, at + atOnce).sort(compare))
  }
  while (parts.length > 1) {
    const merged: T[][] = []
    for (let at = 0; at < parts.length; at += 2) {
      const [one, other = []] = parts.slice(at, at + 2)
      merged.push(await mergedInTurns(one!, other, compare, signal))
    }
    parts = merged
  }
  return parts[0] ?? []
}

async function mergedInTurns<T>(
  one: readonly T[],
  other: readonly T[],
  compare: (a: T, b: T) => number,
  signal?: AbortSignal,
): Promise<T[]> {
  const merged: T[] = []
  let [at, otherAt] = [0, 0]
  while (at < one.length && otherAt < other.length) {
    const isFirst = compare(one[at]!, other[otherAt]!) <= 0
    merged.push(isFirst ? one[at++]! : other[otherAt++]!)
    if (merged.length % atOnce === 0) await yieldToOthers(signal)
  }
  return merged.concat(one.slice(at), other.slice(otherAt))
}
