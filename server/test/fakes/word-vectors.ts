import { createHash } from 'node:crypto'

/** What every caption has. */
const common = new Set(['a', 'photo', 'of', 'with', 'picture', 'that', 'looks', 'in', 'the', 'and'])

/** The sum of what its words stand for, and of what all texts have in common. */
export function textVector(text: string, length: number): number[] {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  const sum = [...direction('all texts', length)]
  for (const word of words) add(sum, direction(word, length), common.has(word) ? 0.2 : 1)
  return unit(sum)
}

/** Near to some words, or to none, and apart from all texts; no two pictures are alike. */
export function pictureVector(words: string | null, file: Buffer, length: number): number[] {
  const sum = [...direction('all pictures', length)]
  const own = createHash('sha256').update(file).digest('hex')
  add(sum, direction(own, length), 0.5)
  for (const word of words?.split(' ') ?? []) add(sum, direction(word, length), 1)
  return unit(sum)
}

const directions = new Map<string, number[]>()

/** One of its own for each word, at unit length. */
function direction(word: string, length: number): readonly number[] {
  const key = `${length} ${word}`
  const before = directions.get(key)
  if (before) return before
  const made = newDirection(word, length)
  directions.set(key, made)
  return made
}

function newDirection(word: string, length: number): number[] {
  const bytes: number[] = []
  for (let round = 0; bytes.length < 2 * length; round++) {
    bytes.push(...createHash('sha512').update(`${round} ${word}`).digest())
  }
  return unit(Array.from({ length }, (_, at) => bytes[2 * at]! * 256 + bytes[2 * at + 1]! - 32768))
}

function add(sum: number[], vector: readonly number[], share: number): void {
  vector.forEach((value, at) => (sum[at]! += share * value))
}

function unit(vector: number[]): number[] {
  const size = Math.hypot(...vector)
  return vector.map((value) => value / size)
}
