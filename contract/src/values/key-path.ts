/** One step into a JSON document: an object's key, an array's index, or every element (`null`). */
export type Step = string | number | null
export type KeyPath = readonly Step[]

const name = /([\p{Alphabetic}\p{N}_-]+)|"([^"\\]*)"/uy
const element = /\[(\d{0,9})\]/y

/**
 * Reads a filter key: names of letters, digits, `_` and `-`, or anything but `"` and `\` in double
 * quotes, joined by dots; `[2]` is one element of an array and `[]` every element. The grammar is
 * Qdrant's (https://qdrant.tech/documentation/concepts/payload/#nested-key), so that a key which one
 * store accepts is accepted by all.
 *
 * @returns null for a text outside it
 */
export function readKeyPath(key: string): KeyPath | null {
  const steps: Step[] = []
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(key)
    if (found) at = pattern.lastIndex
    return found
  }
  const takeName = () => {
    const found = take(name)
    if (found) steps.push(found[1] ?? found[2] ?? '')
    return found !== null
  }
  if (!takeName()) return null
  while (at < key.length) {
    const index = take(element)
    if (index) steps.push(index[1] ? Number(index[1]) : null)
    else if (key[at++] !== '.' || !takeName()) return null
  }
  return steps
}
