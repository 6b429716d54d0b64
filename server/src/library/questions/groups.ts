import { parseKeyPath } from '../../records/key-path.ts'
import type { JudgedHit } from '../calibration/judge.ts'
import { firstValue } from './order.ts'

export interface Group {
  /** As JSON; null for a picture that has none. */
  readonly value: string | null
  readonly hits: JudgedHit[]
}

/** Hits of one value together, in the order of the first of each; one that has no value is a group of its own. */
export function groupsOf(hits: readonly JudgedHit[], key: string, size: number): Group[] {
  const path = parseKeyPath(key)
  const groups: Group[] = []
  const known = new Map<string, Group>()
  for (const hit of hits) {
    const first = firstValue(hit.record, path)
    const value = first === undefined ? null : JSON.stringify(first)
    const group = value === null ? undefined : known.get(value)
    if (group) {
      if (group.hits.length < size) group.hits.push(hit)
      continue
    }
    const made = { value, hits: [hit] }
    groups.push(made)
    if (value !== null) known.set(value, made)
  }
  return groups
}
