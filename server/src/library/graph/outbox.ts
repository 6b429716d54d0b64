import type { DatabaseFile } from '../../sqlite/database-file.ts'
import { openDatabase, transaction } from '../../sqlite/open.ts'
import { explained } from '../../sqlite/errors.ts'
import { WriteQueue } from '../../sqlite/write-queue.ts'

const outboxFile: DatabaseFile = {
  name: 'graph-outbox.db',
  migrations: [
    `CREATE TABLE due (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
     CREATE TABLE described (by TEXT NOT NULL) STRICT;`,
  ],
  exclusive: true,
  synchronous: 'FULL',
  ifDamaged: 'delete it: every image is then described to the graph once more.',
  ifInUse: 'Servers without a graph (GRAPH=none) may share one.',
}
const forgetAfterMs = 1000

/** Which records the graph has yet to hear of: on disk before the library changes, so that a crash leaves a trace. */
export interface Outbox {
  /** Resolved means durable. */
  add(ids: string[]): Promise<void>
  /** Those records are done; a crash soon after may bring them back, which only costs doing them again. */
  settle(ids: string[]): void
  due(): ReadonlySet<string>
  /** What the whole library was last described by; null before it ever was. */
  describedBy(): string | null
  setDescribedBy(by: string): void
  close(): void
}

/** @param dataDir gets `graph-outbox.db` */
export function openOutbox(dataDir: string): Outbox {
  const database = openDatabase(dataDir, outboxFile)
  const insert = database.prepare('INSERT OR IGNORE INTO due VALUES (?)')
  const remove = database.prepare('DELETE FROM due WHERE id = ?')
  const due = new Set(
    database
      .prepare('SELECT id FROM due')
      .all()
      .map(({ id }) => id as string),
  )
  const settled = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function commit(batches: string[][]): void[] {
    const added = new Set(batches.flat())
    explained(outboxFile, () =>
      transaction(database, () => {
        for (const id of settled) if (!added.has(id)) remove.run(id)
        for (const id of added) insert.run(id)
      }),
    )
    settled.clear()
    for (const id of added) due.add(id)
    return batches.map(() => undefined)
  }
  const queue = new WriteQueue<string[], void>(commit)

  return {
    add: (ids) => queue.add(ids),
    settle(ids) {
      for (const id of ids) if (due.delete(id)) settled.add(id)
      // Forgetting shares the next transaction, or waits a little: it is not worth a disk sync of its own.
      timer ??= setTimeout(() => {
        timer = undefined
        commit([])
      }, forgetAfterMs).unref()
    },
    due: () => due,
    describedBy: () =>
      (database.prepare('SELECT by FROM described').get()?.['by'] as string | undefined) ?? null,
    setDescribedBy: (by) =>
      transaction(database, () => {
        database.exec('DELETE FROM described')
        database.prepare('INSERT INTO described VALUES (?)').run(by)
      }),
    close() {
      clearTimeout(timer)
      commit([])
      database.close()
    },
  }
}
