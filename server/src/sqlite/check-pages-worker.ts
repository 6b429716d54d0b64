import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** The first thing that is wrong in the database at the given URL, in SQLite's words; null when nothing is. */
function check(): string | null {
  try {
    const database = new DatabaseSync(new URL(workerData as string), { readOnly: true })
    const { quick_check: found } = database.prepare('PRAGMA quick_check(1)').get()!
    database.close()
    return found === 'ok' ? null : String(found).replaceAll(/\s+/g, ' ').slice(0, 200)
  } catch (error) {
    return (error as Error).message
  }
}

parentPort!.postMessage(check())
