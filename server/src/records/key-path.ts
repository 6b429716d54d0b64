import { LookalikeError } from '../errors.ts'
import type { Json } from './record.ts'

/** One step into a JSON document: an object's key, an array's index, or every element (`null`). */
type Step = string | number | null
export type KeyPath = readonly Step[]

const name = /([\p{Alphabetic}\p{N}_-]+)|"([^"\\]*)"/uy
const element = /\[(\d{0,9})\]/y

/**
 * Reads a filter key: names of letters, digits, `_` and `-`, or anything but `"` and `\` in double
 * quotes, joined by dots; `[2]` is one element of an array and `[]` every element. The grammar is
 * Qdrant's (https://qdrant.tech/documentation/concepts/payload/#nested-key), so that a key which one
 * store accepts is accepted by all.
 *
 * Throws `invalid_parameter` for a key outside it.
 */
export function parseKeyPath(key: string): KeyPath {
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
    if (!found) throw notAKey(key)
    steps.push(found[1] ?? found[2] ?? '')
  }
  takeName()
  while (at < key.length) {
    const index = take(element)
    if (index) steps.push(index[1] ? Number(index[1]) : null)
    else if (key[at++] === '.') takeName()
    else throw notAKey(key)
  }
  return steps
}

export function isKeyPath(key: string): boolean {
  try {
    parseKeyPath(key)
    return true
  } catch {
    return false
  }
}

function notAKey(key: string): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `${JSON.stringify(key)} is not a key. Write names joined by dots, as in camera.model; ` +
      'put a name with other characters than letters, digits, _ and - in double quotes, ' +
      'as in "shot by".name; write tags[] for every element of an array and tags[0] for one.',
  )
}

/** Every value the path leads to; none when the document has no such key. */
export function valuesAt(document: Json, path: KeyPath): Json[] {
  let values = [document]
  for (const step of path) values = values.flatMap((value) => descend(value, step))
  return values
}

function descend(value: Json, step: Step): Json[] {
  if (typeof step === 'string') {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && Object.hasOwn(value, step) ? [value[step]!] : []
  }
  if (!Array.isArray(value)) return []
  return step === null ? value : value.slice(step, step + 1)
}
