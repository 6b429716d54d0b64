/** For the index of a picture, those of the pictures that are the same one. */
export type Doubles = ReadonlyMap<number, ReadonlySet<number>>

/**
 * Which of `paths` are the same picture as which, by a list that people made: a line for each picture that is there more
 * than once, with the ends of its files' paths, between spaces; what follows a `#` is a comment.
 *
 * @throws Error when a line names a file that is not among `paths`, or fits several
 */
export function findDoubles(list: string, paths: readonly string[]): Doubles {
  const doubles = new Map<number, Set<number>>()
  for (const line of list.split('\n')) {
    const names = line.replace(/#.*/, '').split(/\s+/).filter(Boolean)
    const members = names.map((name) => indexOf(name, paths))
    for (const one of members) {
      const others = doubles.get(one) ?? new Set()
      for (const other of members) if (other !== one) others.add(other)
      doubles.set(one, others)
    }
  }
  return doubles
}

function indexOf(name: string, paths: readonly string[]): number {
  const fitting = paths.flatMap((path, index) =>
    `/${path.replaceAll('\\', '/')}`.endsWith(`/${name}`) ? [index] : [],
  )
  if (fitting.length === 1) return fitting[0]!
  throw new Error(
    `The list of doubles names ${name}, which fits ${fitting.length} pictures, not one.`,
  )
}
