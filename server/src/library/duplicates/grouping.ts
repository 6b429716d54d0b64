import type { ImageRecord } from '../../records/record.ts'
import { sortedInTurns } from './sorted-in-turns.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { Pictures, type Picture } from './pictures.ts'
import { byFile, byKeeping } from '../copies/keeping.ts'
import type { Verdicts } from '../copies/same-picture.ts'

/** Ids of records that show one picture, the one to keep first. */
export type DuplicateGroup = readonly string[]

/** Pictures that are compared before other requests get their turn. */
const comparisonsPerTurn = 500
/** Beyond so many pictures connected to what changed, everything is grouped again. */
const maxConnected = 2000

/**
 * The groups of duplicates among pictures that come and go. A group is a picture, all that are known to be its copies
 * because pixels were compared, and the copies of these; and those that are near by their hashes alone, but not
 * those near to these in turn, so that a chain of small differences does not join what looks different;
 * better kept pictures gather first. What a picture gathers depends only on the connected component it is in
 * (pictures joined by a chain of likeness), so after a change only that component is grouped again.
 */
export class Grouping {
  readonly #known: Verdicts
  readonly #pictures: Pictures
  readonly #groupOf = new Map<Picture, DuplicateGroup>()
  /** Where something changed since the pictures were last grouped. */
  readonly #changed = new Set<Picture>()
  #sorted: DuplicateGroup[] | null = null

  constructor(known: Verdicts) {
    this.#known = known
    this.#pictures = new Pictures(known)
  }

  /** A record as it is now, or null when it is gone. */
  set(id: string, record: ImageRecord | null): void {
    const before = this.#pictures.remove(id)
    if (before) this.#changed.add(before)
    const after = record && this.#pictures.add(record)
    if (after) this.#changed.add(after)
  }

  /** All groups, largest first. */
  async groups(signal: AbortSignal): Promise<DuplicateGroup[]> {
    if (this.#changed.size > 0) {
      this.#sorted = null
      await this.#group(this.#connectedToChanges() ?? [...this.#pictures.all()], signal)
      this.#changed.clear()
    }
    this.#sorted ??= [...new Set(this.#groupOf.values())].sort(
      (a, b) => b.length - a.length || (a[0]! < b[0]! ? -1 : 1),
    )
    return this.#sorted
  }

  /** What changed or is gone, and all that this can have changed; null when that is too much to follow. */
  #connectedToChanges(): Picture[] | null {
    const found = new Set(this.#changed)
    for (const picture of found) {
      if (found.size > maxConnected) return null
      for (const other of this.#pictures.near(picture)) found.add(other)
      for (const other of this.#pictures.copies(picture)) found.add(other)
    }
    return [...found]
  }

  async #group(pictures: Picture[], signal: AbortSignal): Promise<void> {
    for (const picture of [...this.#changed, ...pictures]) this.#groupOf.delete(picture)
    await yieldToOthers(signal)
    const present = pictures.filter((picture) => this.#pictures.has(picture))
    for (const { records } of present) records.sort(byFile)
    const there = await sortedInTurns(
      present,
      (a, b) => byFile(a.records[0]!, b.records[0]!),
      signal,
    )
    const gathered = new Set<Picture>()
    for (const [at, picture] of there.entries()) {
      if (at % comparisonsPerTurn === comparisonsPerTurn - 1) await yieldToOthers(signal)
      if (!gathered.has(picture)) this.#gather(picture, gathered)
    }
  }

  #gather(picture: Picture, gathered: Set<Picture>): void {
    const members = new Set([picture])
    this.#addCopies(members, gathered)
    for (const other of this.#pictures.near(picture)) if (!gathered.has(other)) members.add(other)
    this.#addCopies(members, gathered)
    for (const member of members) gathered.add(member)
    const records = [...members].flatMap((member) => member.records)
    if (records.length === 1) return
    const group = byKeeping(this.#known, records).map(({ id }) => id)
    for (const member of members) this.#groupOf.set(member, group)
  }

  /** Adds all that are known to be copies of members; a set that grows is gone through to its end. */
  #addCopies(members: Set<Picture>, gathered: Set<Picture>): void {
    for (const member of members) {
      for (const other of this.#pictures.copies(member))
        if (!gathered.has(other)) members.add(other)
    }
  }
}
