import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { peekDatabase } from './open.ts'

/**
 * Brings what a killed process left in the logs of databases into the databases themselves: closing does that. Whoever
 * reads a file without its log, as `checkPages` does, would otherwise find it half written.
 */
export function settleLogs(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.db-wal')) continue
    const path = join(folder, name.slice(0, -'-wal'.length))
    if (existsSync(path)) peekDatabase(path, (file) => file.exec('SELECT 1 FROM sqlite_schema'))
  }
}
