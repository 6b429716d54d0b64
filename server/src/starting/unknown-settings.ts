/** Names of settings that are given where a similar one was meant. */
export interface UnknownSetting {
  readonly name: string
  /** Null where no setting is like it. */
  readonly meant: string | null
}

/** Shorter names, such as HOST, are too like those of other programs' variables. */
const minLength = 7
const maxEdits = 2
const ownPrefix = 'LOOKALIKE_'

/**
 * Variables of the environment that are all but the name of a setting which is not given itself. Other
 * programs' variables are none of our business.
 *
 * @param others names with a meaning elsewhere in Lookalike
 */
export function misspelled(
  given: Record<string, string | undefined>,
  known: readonly string[],
  others: readonly string[],
): UnknownSetting[] {
  const unset = known.filter((name) => !given[name]?.trim())
  return Object.keys(given).flatMap((name) => {
    if (known.includes(name) || others.includes(name) || !given[name]?.trim()) return []
    const meant = prefixed(name, unset) ?? nearest(name, unset, maxEdits, minLength)
    return meant === null ? [] : [{ name, meant }]
  })
}

/** Everything in a file of settings that is none, with the setting that may have been meant. */
export function unknown(
  given: Record<string, string | undefined>,
  known: readonly string[],
  others: readonly string[],
): UnknownSetting[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name) && !others.includes(name))
    .map((name) => ({ name, meant: prefixed(name, known) ?? nearest(name, known, maxEdits, 0) }))
}

function prefixed(name: string, known: readonly string[]): string | null {
  const rest = name.toUpperCase().startsWith(ownPrefix) ? name.slice(ownPrefix.length) : ''
  return known.includes(rest.toUpperCase()) ? rest.toUpperCase() : null
}

function nearest(
  name: string,
  known: readonly string[],
  maxDistance: number,
  shortest: number,
): string | null {
  const upper = name.toUpperCase().replaceAll('-', '_')
  let best: string | null = null
  let bestDistance = maxDistance + 1
  for (const each of known) {
    // Two letters of four are half another word.
    const allowed = Math.min(maxDistance, Math.floor(each.length / 4))
    if (each.length < shortest || Math.abs(each.length - upper.length) > allowed) continue
    const distance = editDistance(upper, each)
    if (distance <= allowed && distance < bestDistance) {
      best = each
      bestDistance = distance
    }
  }
  return best
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let distance = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + Number(!same))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, before[j - 2]! + 1)
      }
      row.push(distance)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
