import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { IndexResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { postForm } from '../support/server.ts'
import { MemoryWatch } from './memory-watch.ts'
import type { Ended } from './uploads-sender.ts'

const isLong = Number(process.env['HOSTILE_ROUNDS'] ?? 0) > 0
const uploads = 200
let folder: string
let server: Awaited<ReturnType<typeof startProcess>>
let url: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-overload-'))
  server = await startProcess({ DATA_DIR: folder, LOG_LEVEL: 'fatal' }, folder)
  url = server.url!
})
afterEach(async () => {
  await server.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

/** Uploads come from a process of their own, so that it is the server's time that is measured. */
async function uploadAll(): Promise<Ended[]> {
  const sender = fork(join(import.meta.dirname, 'uploads-sender.ts'), [url, String(uploads)])
  const [ended] = (await once(sender, 'message')) as [Ended[]]
  sender.kill()
  return ended
}

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)]!)
}

test.runIf(isLong)(
  'an indexed picture is searched within a second while 200 uploads of 19 MB come in',
  { timeout: 300_000 },
  async () => {
    const { body } = await postForm<IndexResponse>(`${url}/api/images/index`, await jpeg(1), {})
    await postForm(`${url}/api/images/index`, await jpeg(2), {})
    const memory = new MemoryWatch(server.pid!)
    let under = true
    const searches: number[] = []
    const searching = (async () => {
      while (under) {
        const began = performance.now()
        const answer = await fetch(`${url}/api/images/${body.id}/similar`)
        await answer.arrayBuffer()
        expect(answer.status).toBe(200)
        searches.push(performance.now() - began)
        await sleep(50)
      }
    })()
    const ends = await uploadAll()
    under = false
    await searching
    const statuses = Object.groupBy(ends, ({ status }) => status)
    const counts = Object.entries(statuses).map(([status, all]) => `${all!.length} x ${status}`)
    const refusals = (statuses[503] ?? []).map(({ ms }) => ms)
    await expect.poll(() => readdirSync(join(folder, 'uploads')), { timeout: 30_000 }).toEqual([])
    // oxlint-disable-next-line no-console
    console.log(
      `200 uploads of 19 MB: ${counts.join(', ')} within ${Math.round(Math.max(...ends.map(({ ms }) => ms)))} ms; ` +
        `refused after ${percentile(refusals, 0.5)} ms (p50), ${percentile(refusals, 0.99)} ms (p99); ` +
        `meanwhile ${searches.length} searches, p50 ${percentile(searches, 0.5)} ms, p99 ${percentile(searches, 0.99)} ms; ` +
        `with its decoders, ${memory.end()}`,
    )
    expect(Object.keys(statuses).filter((status) => !['200', '503'].includes(status))).toEqual([])
    expect(statuses[200]!.length).toBeGreaterThan(0)
    expect(percentile(searches, 0.99)).toBeLessThan(1000)
  },
)
