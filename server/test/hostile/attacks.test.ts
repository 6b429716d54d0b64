import { readdirSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { postForm } from '../support/server.ts'
import { hostileFiles } from './hostile-files.ts'
import { MemoryWatch } from './memory-watch.ts'

/** The heavy ones, and a line for each: `npm run test:hostile`. */
const isLong = Number(process.env['HOSTILE_ROUNDS'] ?? 0) > 0

let folder: string
let server: Awaited<ReturnType<typeof startProcess>>
let url: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-attacks-'))
  server = await startProcess({ DATA_DIR: folder, LOG_LEVEL: 'fatal' }, folder)
  url = server.url!
  await search(await jpeg(1))
})
afterAll(async () => {
  await server.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

const search = (bytes: Buffer) => postForm(`${url}/api/images/search-similar`, bytes, {})
const filesLeft = () => readdirSync(join(folder, 'uploads'))

describe('one hostile file', () => {
  const sent = hostileFiles.filter(({ isHeavy }) => isLong || !isHeavy)
  test.each(sent)('$name is $status', { timeout: 120_000 }, async ({ name, status, bytes }) => {
    const file = await bytes()
    const watch = new MemoryWatch(server.pid!)
    const began = performance.now()
    const answer = await search(file)
    const ms = Math.round(performance.now() - began)
    const memory = watch.end()
    if (isLong) {
      // oxlint-disable-next-line no-console
      console.log(`${name}: ${answer.status} ${answer.body.code ?? ''} after ${ms} ms, ${memory}, files left ${filesLeft().length}`) // prettier-ignore
    }
    expect([answer.status, answer.body.detail ?? '']).toEqual([status, expect.any(String)])
    expect(filesLeft()).toEqual([])
    expect((await search(await jpeg(1))).status).toBe(200)
  })
})

test
  .runIf(isLong)
  .each(['an AVIF of 49 megapixels in 2 kB', 'an interlaced PNG of 50 megapixels and 16 bits'])(
  'twenty at once of %s leave room for small pictures',
  { timeout: 180_000 },
  async (name) => {
    const file = await hostileFiles.find((each) => each.name === name)!.bytes()
    const watch = new MemoryWatch(server.pid!)
    const large = Array.from({ length: 20 }, (_, at) =>
      search(Buffer.concat([file, Buffer.from([at])])),
    )
    const ended = Promise.all(large)
    let under = true
    void ended.then(() => (under = false))
    const waits: number[] = []
    for (let seed = 10; under; seed++) {
      const began = performance.now()
      expect((await search(await jpeg(seed))).status).toBe(200)
      waits.push(performance.now() - began)
    }
    const statuses = (await ended).map(({ status }) => status)
    const read = statuses.filter((status) => status === 200).length
    // oxlint-disable-next-line no-console
    console.log(`twenty times ${name}: ${read} x 200, ${20 - read} x 503; ${waits.length} small ones, the slowest after ${Math.round(Math.max(...waits))} ms; ${watch.end()}`) // prettier-ignore
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect(read).toBeGreaterThan(0)
    expect(filesLeft()).toEqual([])
  },
)
