import type * as fileSystem from 'node:fs'
import { copyFileSync, existsSync, fstatSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DatabaseFile } from '../../src/sqlite/database-file.ts'
import { openDatabase } from '../../src/sqlite/open.ts'
import { WriteAheadLog } from '../../src/sqlite/write-ahead-log.ts'
import { WriteQueue } from '../../src/sqlite/write-queue.ts'

type Fs = typeof fileSystem

/** What is done when a file is about to be synced, and what it then fails with. */
const disk = vi.hoisted(() => ({ onSync: (_fd: number): Error | null => null, onSynced: (_fd: number) => {} })) // prettier-ignore

vi.mock('node:fs', async (original) => {
  const fs = await original<Fs>()
  const later = (sync: Fs['fsync']) => (fd: number, done: (error: Error | null) => void) => {
    const failure = disk.onSync(fd)
    if (failure) return done(failure)
    sync(fd, (error) => {
      if (!error) disk.onSynced(fd)
      done(error)
    })
  }
  const fsyncSync = (fd: number) => {
    const failure = disk.onSync(fd)
    if (failure) throw failure
    fs.fsyncSync(fd)
    disk.onSynced(fd)
  }
  return { ...fs, fsync: later(fs.fsync), fdatasync: later(fs.fdatasync), fsyncSync }
})

const file: DatabaseFile = {
  name: 'some.db',
  migrations: ['CREATE TABLE rows (row INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT'],
  exclusive: true,
  synchronous: 'FULL',
}

let folder: string
let database: DatabaseSync
let log: WriteAheadLog
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  database = openDatabase(folder, file)
})
afterEach(async () => {
  disk.onSync = () => null
  disk.onSynced = () => {}
  await log.close().catch(() => {})
  await rm(folder, { recursive: true, force: true })
})

const path = (name: string) => join(folder, name)
const databaseName = 'some.db'
const logName = 'some.db-wal'
/** Half a megabyte, so that few rows make a long log. */
const put = (row: number) =>
  database.prepare('INSERT INTO rows VALUES (?, randomblob(500000))').run(row)

function rowsIn(files: { db: string; wal: string }, into: string): number[] {
  const crashed = path(into)
  mkdirSync(crashed)
  copyFileSync(files.db, join(crashed, databaseName))
  if (existsSync(files.wal)) copyFileSync(files.wal, join(crashed, logName))
  const opened = new DatabaseSync(join(crashed, databaseName))
  expect(opened.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  const rows = opened.prepare('SELECT row FROM rows ORDER BY row').all()
  opened.close()
  rmSync(crashed, { recursive: true })
  return rows.map(({ row }) => row as number)
}

test('whenever the power goes, whatever the disk had kept of the files, all that was acknowledged is there', async () => {
  const acknowledged = new Set<number>()
  const fileOf = (fd: number) =>
    fstatSync(fd).ino === statSync(path(databaseName)).ino ? databaseName : logName
  const synced = (name: string) => path(`${name}-synced`)
  let crashes = 0
  copyFileSync(path(databaseName), synced(databaseName))
  const crash = () => {
    // Of each file the disk has at least what was synced, and may have all that was written since.
    for (const db of [path(databaseName), synced(databaseName)]) {
      for (const wal of [path(logName), synced(logName)]) {
        expect(rowsIn({ db, wal }, `crash-${crashes++}`)).toEqual(
          expect.arrayContaining([...acknowledged]),
        )
      }
    }
  }
  disk.onSynced = (fd) => copyFileSync(path(fileOf(fd)), synced(fileOf(fd)))
  log = new WriteAheadLog(database, folder, file)
  disk.onSync = () => {
    if (acknowledged.size >= 15) crash()
    return null
  }

  for (let row = 0; row < 22; row++) {
    // One that cannot wait, in the middle of whatever is under way.
    if (row === 18) log.writeNow(() => put(row))
    else await log.write(() => put(row))
    acknowledged.add(row)
  }
  await log.writable()
  // It began anew in between, or all rows would be in it.
  expect(statSync(path(logName)).size).toBeLessThan(9e6)
  expect(crashes).toBeGreaterThan(20)
  disk.onSync = () => null
  await log.close()
  expect(rowsIn({ db: path(databaseName), wal: path(logName) }, 'closed')).toHaveLength(22)
})

test('what cannot be brought to disk is refused, and so is all that follows', async () => {
  log = new WriteAheadLog(database, folder, file)
  disk.onSync = () => Object.assign(new Error('i/o error'), { code: 'EIO' })
  const failing = { code: 'store_unavailable', message: expect.stringContaining('The disk failed') as string } // prettier-ignore
  await expect(log.write(() => put(1))).rejects.toMatchObject(failing)
  disk.onSync = () => null
  await expect(log.write(() => put(2))).rejects.toMatchObject(failing)
})

test('of many writes some are committed at once, and others have their turn in between', async () => {
  log = new WriteAheadLog(database, folder, file)
  const commits: number[] = []
  const queue = new WriteQueue<number, number>(
    log,
    (rows) => {
      commits.push(rows.length)
      return log.commit(() => rows.map((row) => Number(put(row).changes)))
    },
    { weigh: () => 1, most: 4 },
  )
  let turns = 0
  const others = setInterval(() => turns++, 0)
  const written = await Promise.all(Array.from({ length: 10 }, (_, row) => queue.add(row)))
  clearInterval(others)
  expect(written).toEqual(Array.from({ length: 10 }, () => 1))
  expect(commits).toEqual([4, 4, 2])
  expect(turns).toBeGreaterThan(0)
})
