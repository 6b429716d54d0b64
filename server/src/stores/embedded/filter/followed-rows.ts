import { setImmediate } from 'node:timers/promises'
import { filterDocument, type Condition, type Filter } from '../../../records/filter.ts'
import { matcher } from '../../../records/matches.ts'
import type { ImageRecord } from '../../../records/record.ts'
import type { Statements } from '../../../sqlite/statements.ts'
import { conditionRows, everyRow, lastRow, type LeafCondition } from './condition-rows.ts'
import { RowSet } from './row-set.ts'

/** Conditions whose rows are kept: each is asked of every record that is written. */
const maxKept = 64
/** Filters whose rows are kept as they were last drawn up: the next page, or picture, asks the same. */
const maxAnswered = 16
/** What is asked of it was drawn up for one answer, and is not asked again. */
const bandsKey = 'lookalike.phash_bands'

interface Kept {
  readonly rows: RowSet
  readonly holds: ReturnType<typeof matcher>
  /** Resolves when all of its rows were read. */
  readonly read: Promise<void>
}

/** Rows, or all rows but these. */
interface Part {
  readonly rows: RowSet
  readonly negated: boolean
}

/**
 * Which rows pass a filter, as sets in memory: the rows of each condition are read once and from then on follow
 * every write, so that a filter that is asked again costs microseconds, in any combination with others. The
 * sets of conditions that were asked least lately are forgotten.
 */
export class FollowedRows {
  readonly #statements: Statements
  readonly #kept = new Map<string, Kept>()
  /** Of whole filters, until the next write. */
  readonly #answered = new Map<string, RowSet>()
  #writes = 0

  constructor(statements: Statements) {
    this.#statements = statements
  }

  /**
   * The rows that pass. They may follow later writes or not: whoever waits for something must look at the records
   * again.
   *
   * @throws LookalikeError `invalid_parameter` for a key that is no key path
   */
  async passing(filter: Filter): Promise<RowSet> {
    const key = JSON.stringify(filter)
    const answered = this.#answered.get(key)
    if (answered) return answered
    const since = this.#writes
    const { rows, negated } = await this.#filter(filter)
    const passing = negated ? (await this.#everything()).without(rows) : rows
    if (this.#writes === since) {
      this.#answered.set(key, passing)
      if (this.#answered.size > maxAnswered)
        this.#answered.delete(this.#answered.keys().next().value!)
    }
    return passing
  }

  /** After a row was written: its record, or null for none. */
  follow(row: number, record: ImageRecord | null): void {
    this.#writes++
    this.#answered.clear()
    if (this.#kept.size === 0) return
    const document = record && filterDocument(record)
    for (const { rows, holds } of this.#kept.values()) {
      if (document && holds(document)) rows.add(row)
      else rows.delete(row)
    }
  }

  async #filter({ must = [], should = [], must_not: mustNot = [] }: Filter): Promise<Part> {
    const parts: Part[] = []
    for (const condition of must) parts.push(await this.#condition(condition))
    for (const condition of mustNot) parts.push(not(await this.#condition(condition)))
    const alternatives: Part[] = []
    for (const condition of should) alternatives.push(not(await this.#condition(condition)))
    if (alternatives.length > 0) parts.push(not(all(alternatives)))
    return all(parts)
  }

  async #condition(condition: Condition): Promise<Part> {
    if (!('key' in condition || 'is_empty' in condition || 'words' in condition)) {
      return this.#filter(condition)
    }
    return { rows: await this.#rows(condition), negated: 'is_empty' in condition }
  }

  async #rows(condition: LeafCondition): Promise<RowSet> {
    const slices = conditionRows(this.#statements, condition)
    if (isAskedOnce(condition)) {
      const rows = new RowSet(lastRow(this.#statements))
      await readAll(slices, rows)
      return rows
    }
    const asked = 'is_empty' in condition ? { must_not: [condition] } : { must: [condition] }
    return this.#keep(JSON.stringify(condition), slices, matcher(asked))
  }

  #everything(): Promise<RowSet> {
    return this.#keep('', everyRow(this.#statements), () => true)
  }

  /** Writes that come while rows are read reach the set as well, so that order does not matter. */
  async #keep(key: string, slices: Iterable<number[]>, holds: Kept['holds']): Promise<RowSet> {
    let kept = this.#kept.get(key)
    this.#kept.delete(key)
    if (!kept) {
      const rows = new RowSet(lastRow(this.#statements))
      const read = readAll(slices, rows)
      read.catch(() => this.#kept.delete(key))
      kept = { rows, holds, read }
    }
    this.#kept.set(key, kept)
    if (this.#kept.size > maxKept) this.#kept.delete(this.#kept.keys().next().value!)
    await kept.read
    return kept.rows
  }
}

function isAskedOnce(condition: LeafCondition): boolean {
  // Words are taken apart to be compared: too much to do for every record that is written.
  return 'words' in condition || ('key' in condition && condition.key === bandsKey)
}

async function readAll(slices: Iterable<number[]>, into: RowSet): Promise<void> {
  let isFirst = true
  for (const rows of slices) {
    for (const row of rows) into.add(row)
    if (!isFirst) await setImmediate()
    isFirst = false
  }
}

function not({ rows, negated }: Part): Part {
  return { rows, negated: !negated }
}

/** What all of them let through; everything where there is none. */
function all(parts: Part[]): Part {
  return parts.length > 0 ? parts.reduce(both) : { rows: new RowSet(), negated: true }
}

function both(a: Part, b: Part): Part {
  if (a.negated && b.negated) return { rows: a.rows.or(b.rows), negated: true }
  if (a.negated) return { rows: b.rows.without(a.rows), negated: false }
  if (b.negated) return { rows: a.rows.without(b.rows), negated: false }
  return { rows: a.rows.and(b.rows), negated: false }
}
