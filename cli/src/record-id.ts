import { createHash } from 'node:crypto'
import { CommandError, exitCodes } from './failure.ts'

/**
 * The id of an image URI, by the rule that every store follows: the first 32 hex digits of the
 * SHA-256 of the trimmed URI, written as a UUID.
 */
export function recordId(imageUri: string): string {
  const hex = createHash('sha256').update(imageUri.trim()).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The id that an argument names: an id as it is, or an image URI.
 *
 * @throws CommandError for anything else
 */
export function idFrom(argument: string): string {
  if (uuid.test(argument)) return argument.toLowerCase()
  if (URL.canParse(argument)) return recordId(argument)
  throw new CommandError(`'${argument}' is neither an id nor an image URI.`, exitCodes.usage)
}
