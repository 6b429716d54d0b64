import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient, type ExportedRecord } from '@lookalike/sdk'
import { exportedRecord, plainVector } from '../../server/test/support/exported-records.ts'
import { startProcess } from '../../server/test/support/process.ts'
import { cli } from './support/cli.ts'
import { countFiles, libraryOf, temporaryFolder, type Folder } from './support/library.ts'
import { freePort } from './support/free-port.ts'
import { startProxy } from './support/proxy.ts'

// Three batches of an import: what is sent at once is 250 records at most.
const records = 700

let folder: Folder
const stops: (() => unknown)[] = []
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
  await folder.remove()
})

/** Writes an export that no server need have made, and returns its records. */
async function writeExport(path: string, url: string): Promise<ExportedRecord[]> {
  const { embedder } = await createClient({ baseUrl: url }).info()
  const lines = Array.from({ length: records }, (_, at) => {
    const vector = plainVector(embedder.dimensions)
    // So that no two are equally near to anything.
    vector[at % embedder.dimensions]! += 0.1 + at / 1000
    const length = Math.hypot(...vector)
    const unit = vector.map((value) => value / length)
    return exportedRecord(embedder, `https://example.org/${at}.jpg`, {
      sha256: at.toString(16).padStart(64, '0'),
      description: `Picture ${at}`,
      metadata: { at },
      indexed_at: '2026-11-22T12:00:00.000Z',
      vector: Buffer.from(unit.buffer).toString('base64'),
    })
  })
  const end = { checkpoint: { cursor: null, exported: records } }
  await writeFile(path, [...lines, end].map((line) => `${JSON.stringify(line)}\n`).join(''))
  return lines
}

test('a server killed three times under an import of records has each of them once', async () => {
  const data = join(folder.path, 'data')
  const env = { DATA_DIR: data, PORT: String(await freePort()), GRAPH: 'none' }
  let server = await startProcess(env, folder.path)
  stops.push(() => server.kill('SIGKILL'))
  const url = server.url!
  const file = join(folder.path, 'library.jsonl')
  const exported = await writeExport(file, url)

  let sent = 0
  const unheard: number[] = []
  const proxy = await startProxy(url, async ({ path }, response, body) => {
    if (path !== '/api/import' || ++sent > 3) return
    const store = () =>
      fetch(`${url}/api/import`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: new Uint8Array(body),
      })
    // Killed with the records on their way, after they were stored and before anybody heard of it,
    // and before they arrived.
    const underWay = sent === 1 && store().catch(() => {})
    if (sent === 2) unheard.push((await store()).status)
    await server.kill('SIGKILL')
    await underWay
    server = await startProcess(env, folder.path)
    response.destroy()
  })
  stops.push(() => proxy.stop())

  const ran = await cli(proxy.url, ['import', '--from', file])
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect(ran.out).toContain(`${records} records: `)
  expect(ran.out).toContain('20 of 20 sampled queries rank as the export does')
  expect({ unheard, sent: sent > 3 }).toEqual({ unheard: [200], sent: true })

  const byUri = exported.toSorted((one, other) => (one.image_uri < other.image_uri ? -1 : 1))
  expect(await libraryOf(url)).toEqual(
    byUri.map(({ vector: _, ...record }) => ({ ...record, duplicate_of: null })),
  )
  expect(await countFiles(join(data, 'files'))).toBe(0)
  expect(await countFiles(join(data, 'uploads'))).toBe(0)
  expect((await cli(url, ['import', '--from', file])).out).toContain(`0 sent, ${records} unchanged`)
})
