import type { DatabaseFile } from '../../sqlite/database-file.ts'
import { openDatabase } from '../../sqlite/open.ts'
import { explained } from '../../sqlite/errors.ts'
import { WriteAheadLog } from '../../sqlite/write-ahead-log.ts'
import { WriteQueue } from '../../sqlite/write-queue.ts'
import { batches } from '../../stores/batches.ts'
import { Revisions } from './revisions.ts'

export const outboxFile: DatabaseFile = {
  name: 'graph-outbox.db',
  migrations: [
    `CREATE TABLE due (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
     CREATE TABLE described (by TEXT NOT NULL) STRICT;`,
    `CREATE TABLE odd (id TEXT PRIMARY KEY, why TEXT NOT NULL, left_out INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE revisions (epoch TEXT NOT NULL, assigned INTEGER NOT NULL, told INTEGER NOT NULL) STRICT;
     INSERT INTO revisions VALUES (lower(hex(randomblob(16))), 0, 0);`,
  ],
  exclusive: true,
  synchronous: 'FULL',
  ifDamaged: 'delete it: every image is then described to the graph once more.',
  ifInUse: 'Servers without a graph (GRAPH=none) may share one.',
}
const forgetAfterMs = 1000
/** Marked before others have their turn: a few milliseconds. */
const markedAtOnce = 1000

/** A record that is not described as it is. */
export interface OddRecord {
  readonly why: string
  /** Not described at all; otherwise described with something changed. */
  readonly leftOut: boolean
}

/** Which records the graph has yet to hear of: on disk before the library changes, so that a crash leaves a trace. */
export interface Outbox {
  /** Resolved means durable. */
  add(ids: string[]): Promise<void>
  /** Those records are done; a crash soon after may bring them back, which only costs doing them again. */
  settle(ids: string[]): void
  due(): ReadonlySet<string>
  /** Notes that a record is odd, or with null that it no longer is; durable as `settle` is. */
  note(id: string, odd: OddRecord | null): void
  odd(): ReadonlyMap<string, OddRecord>
  readonly revisions: Revisions
  /** What the whole library was last described by; null before it ever was. */
  describedBy(): string | null
  setDescribedBy(by: string): Promise<void>
  close(): Promise<void>
}

/** @param dataDir gets `graph-outbox.db` */
export function openOutbox(dataDir: string): Outbox {
  const database = openDatabase(dataDir, outboxFile)
  const log = new WriteAheadLog(database, dataDir, outboxFile)
  const insert = database.prepare('INSERT OR IGNORE INTO due VALUES (?)')
  const remove = database.prepare('DELETE FROM due WHERE id = ?')
  const noteOdd = database.prepare('INSERT OR REPLACE INTO odd VALUES (?, ?, ?)')
  const removeOdd = database.prepare('DELETE FROM odd WHERE id = ?')
  const rows = (sql: string) => database.prepare(sql).all()
  const due = new Set(rows('SELECT id FROM due').map(({ id }) => id as string))
  const odd = new Map(
    rows('SELECT * FROM odd').map(({ id, why, left_out }) => [
      id as string,
      { why: why as string, leftOut: left_out === 1 },
    ]),
  )
  const revisions = new Revisions(database)
  const settled = new Set<string>()
  const noted = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function commit(marked: string[][]): void[] {
    const added = new Set(marked.flat())
    const forgotten = [...settled].slice(0, markedAtOnce)
    explained(outboxFile, () =>
      log.commit(() => {
        for (const id of forgotten) if (!added.has(id)) remove.run(id)
        for (const id of added) insert.run(id)
        for (const id of noted) {
          const { why, leftOut } = odd.get(id) ?? {}
          if (why === undefined) removeOdd.run(id)
          else noteOdd.run(id, why, leftOut ? 1 : 0)
        }
        revisions.save(added.size > 0)
      }),
    )
    for (const id of forgotten) settled.delete(id)
    noted.clear()
    for (const id of added) {
      settled.delete(id)
      due.add(id)
    }
    return marked.map(() => undefined)
  }
  const queue = new WriteQueue<string[], void>(log, commit, {
    weigh: (ids) => ids.length,
    most: markedAtOnce,
  })

  /** What cannot be forgotten now, on a full disk for instance, is done again after the next start. */
  async function forget(): Promise<void> {
    try {
      do await queue.add([])
      while (settled.size > 0)
    } catch {
      // It stays settled: the next commit takes it along.
    }
  }

  /** What need not last shares the next transaction, or waits a little: it is not worth a disk sync of its own. */
  function commitSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void forget()
    }, forgetAfterMs).unref()
  }

  return {
    async add(ids) {
      await Promise.all(batches(ids, markedAtOnce).map((some) => queue.add(some)))
    },
    settle(ids) {
      for (const id of ids) if (due.delete(id)) settled.add(id)
      commitSoon()
    },
    due: () => due,
    note(id, what) {
      if (what === null && !odd.has(id)) return
      if (what) odd.set(id, what)
      else odd.delete(id)
      noted.add(id)
      commitSoon()
    },
    odd: () => odd,
    revisions,
    describedBy: () =>
      (database.prepare('SELECT by FROM described').get()?.['by'] as string | undefined) ?? null,
    setDescribedBy: (by) =>
      log.write(() => {
        database.exec('DELETE FROM described')
        database.prepare('INSERT INTO described VALUES (?)').run(by)
      }),
    async close() {
      clearTimeout(timer)
      await forget()
      await log.close()
    },
  }
}
