import type { DatabaseSync } from 'node:sqlite'

/** What is remembered in `state.db` and can be no answer: keys, by the kinds of {@link EmbeddingMemory}. */
export function malformedMemories(database: DatabaseSync): { looked: number; malformed: string[] } {
  let looked = 0
  const malformed: string[] = []
  for (const row of database.prepare('SELECT key, value FROM remembered').iterate()) {
    looked++
    const key = row['key'] as string
    if (!isWhole(key, Buffer.from(row['value'] as Uint8Array))) malformed.push(key)
  }
  return { looked, malformed }
}

function isWhole(key: string, value: Buffer): boolean {
  if (key.startsWith('vector:'))
    return value.length > 0 && value.length % 4 === 0 && areFinite(value)
  if (!key.startsWith('picture:') && !key.startsWith('refused:')) return true
  try {
    JSON.parse(value.toString())
    return true
  } catch {
    return false
  }
}

function areFinite(value: Buffer): boolean {
  const numbers = new Float32Array(new Uint8Array(value).buffer)
  return numbers.every((each) => Number.isFinite(each))
}
