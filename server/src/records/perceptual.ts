/** How many of 64 bits of their perceptual hashes near-duplicates may differ in, and in which way. */
const nearDistance = 5
/** Where the quarters of a hash begin. */
const places = [0, 4, 8, 12]

/**
 * The quarters of a hash, each with its place: what the hash is looked up by. Hashes that differ in up to
 * three bits share at least one. None for the empty hash of a plain picture.
 */
export function bandsOf(hash: string): string[] {
  if (hash === '') return []
  return ['a', 'b', 'c', 'd'].map((place, at) => place + hash.slice(at * 4, at * 4 + 4))
}

/**
 * Whether two perceptual hashes, of 16 hex digits or empty, are of one picture: at most five bits apart,
 * and at least one quarter the same. The latter is what makes near-duplicates cheap to find; what that
 * costs is measured in docs/decisions/0015-duplicates.md.
 */
export function isNear(a: string, b: string): boolean {
  return places.some((at) => b.startsWith(a.slice(at, at + 4), at)) && areNear(quartersOf(a), quartersOf(b)) // prettier-ignore
}

/** The quarters of a hash as numbers, for those who compare many; none for the empty hash. */
export function quartersOf(hash: string): readonly number[] {
  if (hash === '') return []
  return places.map((at) => Number.parseInt(hash.slice(at, at + 4), 16))
}

/** The same as `isNear`, of quarters. */
export function areNear(a: readonly number[], b: readonly number[]): boolean {
  let distance = 0
  let shares = false
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = a[at]! ^ b[at]!
    if (difference === 0) shares = true
    else distance += bitsOf(difference)
  }
  return shares && distance <= nearDistance
}

function bitsOf(value: number): number {
  let count = 0
  for (let rest = value; rest !== 0; rest &= rest - 1) count++
  return count
}
