/** How many of 64 bits of their perceptual hashes near-duplicates may differ in, and in which way. */
const nearDistance = 5

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
 * costs is measured in docs/decisions/0053-duplicates.md.
 */
export function isNear(a: string, b: string): boolean {
  const bands = bandsOf(b)
  return bandsOf(a).some((band, at) => band === bands[at]) && hashDistance(a, b) <= nearDistance
}

function hashDistance(a: string, b: string): number {
  return differentBits(a.slice(0, 8), b.slice(0, 8)) + differentBits(a.slice(8), b.slice(8))
}

function differentBits(a: string, b: string): number {
  let rest = Number.parseInt(a, 16) ^ Number.parseInt(b, 16)
  let count = 0
  for (; rest !== 0; rest &= rest - 1) count++
  return count
}
