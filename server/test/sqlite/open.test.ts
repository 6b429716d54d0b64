import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, peekDatabase, transaction } from '../../src/sqlite/open.ts'
import type { DatabaseFile } from '../../src/sqlite/database-file.ts'
import { explained } from '../../src/sqlite/errors.ts'

let folder: string
let path: string
const opened: DatabaseSync[] = []
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'lookalike-')), 'data')
  path = join(folder, 'thing.db')
})
afterEach(async () => {
  for (const database of opened.splice(0)) if (database.isOpen) database.close()
  await rm(join(folder, '..'), { recursive: true, force: true })
})

const file: DatabaseFile = {
  name: 'thing.db',
  migrations: [
    'CREATE TABLE things (name TEXT)',
    'ALTER TABLE things ADD COLUMN size INTEGER',
    (database) => database.exec('UPDATE things SET size = length(name)'),
  ],
  exclusive: true,
  synchronous: 'FULL',
}
const upTo = (count: number) => ({ ...file, migrations: file.migrations.slice(0, count) })

function open(which = file): DatabaseSync {
  const database = openDatabase(folder, which)
  opened.push(database)
  return database
}
const pragma = (database: DatabaseSync, name: string) =>
  Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0]
const refusal = (what: RegExp, code = 'store_unavailable') =>
  expect.objectContaining({ code, message: expect.stringMatching(what) as string }) as Error

describe('a file that is opened', () => {
  test('is made with its folder, current, in WAL and synced at each commit', () => {
    const database = open()
    expect(pragma(database, 'user_version')).toBe(3)
    expect(pragma(database, 'journal_mode')).toBe('wal')
    expect(pragma(database, 'synchronous')).toBe(2)
    expect(database.prepare('SELECT name, size FROM things').all()).toEqual([])
  })

  test.each([1, 2, 3])('is brought up to date from version %i', (version) => {
    const before = open(upTo(version))
    before.exec(`INSERT INTO things (name) VALUES ('four')`)
    before.close()
    const database = open()
    expect(pragma(database, 'user_version')).toBe(3)
    const size = version === 3 ? null : 4
    expect({ ...database.prepare('SELECT * FROM things').get() }).toEqual({ name: 'four', size })
  })

  test('stays at the last version that it reached, and whole, when a migration fails', () => {
    const breaking = {
      ...file,
      migrations: [...file.migrations, 'DELETE FROM things; NO SUCH SQL'],
    }
    const before = open()
    before.exec(`INSERT INTO things (name) VALUES ('kept')`)
    before.close()
    expect(() => open(breaking)).toThrow(/syntax error/)
    const database = open()
    expect(pragma(database, 'user_version')).toBe(3)
    expect(database.prepare('SELECT name FROM things').all()).toHaveLength(1)
  })

  test("is one process's own where it must be, and shared where it may", () => {
    open()
    expect(() => open()).toThrow(refusal(/Another Lookalike is using this DATA_DIR/))
    expect(() => open({ ...file, ifInUse: 'Or share.' })).toThrow(refusal(/its own\. Or share\.$/))
    const shared: DatabaseFile = { ...file, name: 'shared.db', exclusive: false }
    const [one, two] = [open(shared), open(shared)]
    one.exec(`INSERT INTO things (name) VALUES ('seen')`)
    expect(two.prepare('SELECT name FROM things').all()).toHaveLength(1)
  })
})

describe('a file that cannot be used is left as it is, closed, and what to do is said', () => {
  function expectRefused(what: RegExp, which = file): void {
    const before = readFileSync(path)
    expect(() => open(which)).toThrow(refusal(what))
    expect(readFileSync(path)).toEqual(before)
    expect(existsSync(`${path}-wal`)).toBe(false)
  }

  test('when it is of a newer Lookalike', () => {
    open().close()
    expectRefused(/^thing\.db was made by a newer Lookalike: start that one, or/, upTo(2))
  })

  test('when it is no database', () => {
    mkdirSync(folder)
    writeFileSync(path, 'perhaps it is all somebody has'.repeat(200))
    expectRefused(/^thing\.db is damaged.*Put a backup in its place, or save what can be saved/)
    expectRefused(/Put a backup in its place, or delete it\.$/, {
      ...file,
      ifDamaged: 'delete it.',
    })
  })

  test('when its first page is damaged', () => {
    open().close()
    writeFileSync(path, readFileSync(path).fill(0xff, 100, 4096))
    expectRefused(/^thing\.db is damaged/)
  })

  test("when it is another program's", () => {
    mkdirSync(folder)
    const other = new DatabaseSync(path)
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE moz_places (url TEXT)')
    other.close()
    expectRefused(/^thing\.db belongs to another program.*a DATA_DIR of its own/)
  })

  test('when it is a folder', () => {
    mkdirSync(path, { recursive: true })
    expect(() => open()).toThrow(refusal(/^thing\.db cannot be opened for writing: let the user/))
  })
})

describe('a statement that fails', () => {
  test('because there is no room left, says so, and nothing of its transaction happened', () => {
    const database = open()
    database.exec('PRAGMA max_page_count = 3')
    const write = () =>
      explained(file, () =>
        transaction(database, () => {
          database.exec(`INSERT INTO things (name) VALUES ('small')`)
          database.exec(`INSERT INTO things (name) VALUES (hex(randomblob(50000)))`)
        }),
      )
    expect(write).toThrow(refusal(/^The disk that holds DATA_DIR is full/, 'storage_full'))
    expect(database.prepare('SELECT 1 FROM things').all()).toEqual([])
  })

  test('because the file is read-only, says whose permission is missing', () => {
    const database = open()
    database.exec('PRAGMA query_only = ON')
    const write = () => explained(file, () => database.exec('DELETE FROM things'))
    expect(write).toThrow(refusal(/^thing\.db cannot be opened for writing/))
  })

  test.each([
    [4874, 'storage_full', /^The disk that holds DATA_DIR is full/], // SQLITE_IOERR_SHMSIZE
    [778, 'store_unavailable', /^The disk failed to read or write thing\.db/], // SQLITE_IOERR_WRITE
    [267, 'store_unavailable', /^thing\.db is damaged/], // SQLITE_CORRUPT_VTAB
  ])('with the extended code %i is told by what it means', (errcode, code, message) => {
    const fail = () => {
      throw Object.assign(new Error('SQLite says so'), { errcode })
    }
    expect(() => explained(file, fail)).toThrow(refusal(message, code))
  })

  test('for another reason, or not by SQLite, stays as it is', () => {
    const database = open()
    expect(() => explained(file, () => database.exec('NO SUCH SQL'))).toThrow(/syntax error/)
    const mine = new TypeError('mine')
    const fail = () => {
      throw mine
    }
    expect(() => explained(file, fail)).toThrow(mine)
  })
})

test('a look into a file that is no database, or lacks what is asked, finds nothing', () => {
  mkdirSync(folder)
  const read = (database: DatabaseSync) => database.prepare('SELECT name FROM things').all().length
  writeFileSync(path, 'no database'.repeat(100))
  expect(peekDatabase(path, read)).toBeNull()
  writeFileSync(path, '')
  expect(peekDatabase(path, read)).toBeNull()
  open().close()
  expect(peekDatabase(path, read)).toBe(0)
})
