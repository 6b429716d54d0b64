import { createHash } from 'node:crypto'

/**
 * The id of an image URI: the first 32 hex digits of SHA-256 of the trimmed URI, written as a UUID.
 * Every store uses it, so a library can move between stores and a Qdrant collection that another
 * program filled by the same rule can be adopted.
 */
export function recordId(imageUri: string): string {
  const hex = createHash('sha256').update(imageUri.trim()).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}
