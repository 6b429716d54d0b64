import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as sdk from '@lookalike/sdk'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { embedderNames } from '../../src/embedders/settings.ts'
import { fileStoreNames } from '../../src/files/settings.ts'
import { graphNames } from '../../src/graph/settings.ts'
import type * as schemas from '../../src/http/schemas.ts'
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

test('the SDK states the shapes that the server enforces', () => {
  expectTypeOf<z.output<typeof schemas.searchResponse>>().toExtend<sdk.SearchResponse>()
  expectTypeOf<sdk.SearchResponse>().toExtend<z.output<typeof schemas.searchResponse>>()
  expectTypeOf<z.output<typeof schemas.imageRecord>>().toExtend<sdk.ImageRecord>()
  expectTypeOf<sdk.ImageRecord>().toExtend<z.output<typeof schemas.imageRecord>>()
  expectTypeOf<z.output<typeof schemas.indexResponse>>().toExtend<sdk.IndexResponse>()
  expectTypeOf<sdk.IndexResponse>().toExtend<z.output<typeof schemas.indexResponse>>()
  expectTypeOf<z.output<typeof schemas.imagePage>>().toExtend<sdk.ImagePage>()
  expectTypeOf<z.output<typeof schemas.foundImages>>().toExtend<sdk.FoundImages>()
  expectTypeOf<z.output<typeof schemas.duplicateGroupPage>>().toExtend<sdk.DuplicateGroupPage>()
  expectTypeOf<z.output<typeof schemas.removal>>().toExtend<sdk.Removal>()
  expectTypeOf<z.output<typeof schemas.facets>>().toEqualTypeOf<sdk.Facets>()
  expectTypeOf<z.output<typeof schemas.exportCheckpoint>>().toEqualTypeOf<sdk.ExportCheckpoint>()
  expectTypeOf<z.output<typeof schemas.importResult>>().toEqualTypeOf<sdk.ImportResult>()
  expectTypeOf<z.output<typeof schemas.statementList>>().toEqualTypeOf<sdk.StatementList>()
  expectTypeOf<z.output<typeof schemas.info>>().toEqualTypeOf<sdk.Info>()
  expectTypeOf<z.output<typeof schemas.health>>().toEqualTypeOf<sdk.Health>()
  expectTypeOf<z.output<typeof schemas.usageReport>>().toExtend<sdk.UsageReport>()
  expectTypeOf<sdk.UsageReport>().toExtend<z.output<typeof schemas.usageReport>>()
  expectTypeOf<z.output<typeof schemas.importEstimate>>().toEqualTypeOf<sdk.ImportEstimate>()
  expectTypeOf<z.output<typeof schemas.reindexPlan>>().toEqualTypeOf<sdk.ReindexPlan>()
  expectTypeOf<z.output<typeof schemas.reindexStatus>>().toEqualTypeOf<sdk.ReindexStatus>()
  expectTypeOf<z.output<typeof schemas.problem>>().toExtend<sdk.Problem>()
})
