import { createHash } from 'node:crypto'
import { usageError } from './failure.ts'

/**
 * The id of an image URI, by the rule that every store follows: the first 32 hex digits of the
 * SHA-256 of the trimmed URI, written as a UUID.
 */
export function recordId(imageUri: string): string {
  const hex = createHash('sha256').update(imageUri.trim()).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The id that an argument names: an id as it is, or an image URI; null for anything else. */
export function idOrNull(argument: string): string | null {
  if (uuid.test(argument)) return argument.toLowerCase()
  return URL.canParse(argument) ? recordId(argument) : null
}

/** @throws CommandError for an argument that is neither an id nor an image URI */
export function idFrom(argument: string): string {
  const id = idOrNull(argument)
  if (id) return id
  throw usageError(`'${argument}' is neither an id nor an image URI.`)
}
