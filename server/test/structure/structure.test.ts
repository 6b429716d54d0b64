import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageFormat } from '@lookalike/contract'
import { describe, expect, test } from 'vitest'
import { embedderNames } from '../../src/embedders/settings.ts'
import { fileStoreNames } from '../../src/files/settings.ts'
import { graphNames } from '../../src/graph/settings.ts'
import { imageFormats } from '../../src/images/image.ts'
import { storeNames } from '../../src/stores/settings.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('a driver is a folder, a name in its registry, and a word in the documents', () => {
  test.each([
    ['stores', storeNames],
    ['embedders', embedderNames],
    ['files', fileStoreNames],
    ['graph', graphNames],
  ] as const)('%s', (room, names) => {
    const entries = readdirSync(join(root, 'server/src', room), { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    expect(folders.toSorted()).toEqual(names.toSorted())
    for (const document of ['ARCHITECTURE.md', 'docs/settings.md', '.env.example']) {
      for (const name of names) expect(read(document)).toMatch(new RegExp(`\\b${name}\\b`))
    }
  })
})

test('every file that ARCHITECTURE.md draws is there, and every folder of the server is drawn', () => {
  const drawn = read('ARCHITECTURE.md')
  for (const [, path] of drawn.matchAll(
    /`((?:server|web|sdk|samples|docs|evals|bench)\/[\w./-]+)`/g,
  )) {
    expect(existsSync(join(root, path!)), path).toBe(true)
  }
  const rooms = readdirSync(join(root, 'server/src'), { withFileTypes: true })
  for (const { name } of rooms.filter((entry) => entry.isDirectory())) {
    expect(drawn).toContain(`${name}/`)
  }
})

test('no statement numbers its parameters: the SQLite of Node 22 binds those to nothing', () => {
  for (const file of globSync('server/src/**/*.ts', { cwd: root })) {
    expect(read(file), file).not.toMatch(/(?:[=<>(,]|LIMIT|OFFSET|AND) *\?\d/)
  }
})

test('the formats of the contract are those that are read', () => {
  expect(imageFormat.options).toEqual(imageFormats)
})
