import { type KeyPath, readKeyPath, type Step } from '@lookalike/contract'
import { LookalikeError } from '../errors.ts'
import type { Json } from './record.ts'

export type { KeyPath }

/** @throws LookalikeError `invalid_parameter` for a key that is none; see `readKeyPath` */
export function parseKeyPath(key: string): KeyPath {
  const path = readKeyPath(key)
  if (path === null) throw notAKey(key)
  return path
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
