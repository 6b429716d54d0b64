import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Health, ImageRecord, Info, SearchResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { getJson, postForm } from '../support/server.ts'

let folder: string
const running: Awaited<ReturnType<typeof startProcess>>[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill('SIGKILL')))
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}) {
  const started = await startProcess({ DATA_DIR: join(folder, 'data'), ...env }, folder)
  running.push(started)
  return started
}

test('boots, prints its address when ready, stops on SIGTERM with nothing lost, and comes back after kill -9', async () => {
  const first = await start()
  expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  await postForm<ImageRecord>(`${first.url}/api/images/index`, await jpeg(1), {})
  expect(await first.kill('SIGTERM')).toBe(0)
  expect(first.output()).toBe(`Lookalike is ready at ${first.url}\n`)

  const second = await start()
  expect((await getJson<Info>(`${second.url}/api/info`)).body.images).toBe(1)
  // Killed while idle.
  await second.kill('SIGKILL')
  const third = await start()
  const health = (await (await fetch(`${third.url}/api/health`)).json()) as Health
  expect(health.status).toBe('ok')
})

test('what it acknowledged survives kill -9, and unfinished uploads are swept away', async () => {
  const first = await start()
  const acknowledged: string[] = []
  for (let seed = 0; seed < 5; seed++) {
    const fields = { image_uri: `http://example.org/${seed}` }
    const { body } = await postForm<ImageRecord>(
      `${first.url}/api/images/index`,
      await jpeg(seed),
      fields,
    )
    acknowledged.push(body.id)
  }
  await first.kill('SIGKILL')
  await writeFile(join(folder, 'data', 'uploads', 'left-behind'), 'half a picture')

  const second = await start()
  expect(await readdir(join(folder, 'data', 'uploads'))).toEqual([])
  for (const [seed, id] of acknowledged.entries()) {
    const { body } = await postForm<SearchResponse>(
      `${second.url}/api/images/search-similar`,
      await jpeg(seed),
      { limit: '1' },
    )
    expect(body.results[0]?.id).toBe(id)
    expect((await fetch(body.results[0]!.image_url!)).status).toBe(200)
  }
})

test('a second process on the same data is told so in one sentence', async () => {
  await start()
  const second = await start()
  expect(second.url).toBeNull()
  expect(await second.ended).toBe(1)
  expect(second.output()).toMatch(/^Another Lookalike is using this DATA_DIR: .+\n$/)
})

test('a damaged library.db is left as it is, and the process says what to do', async () => {
  const path = join(folder, 'data', 'library.db')
  await mkdir(join(folder, 'data'))
  writeFileSync(path, 'this is no database, but perhaps it is all somebody has'.repeat(100))
  const before = readFileSync(path)
  const { url, output } = await start()
  expect(url).toBeNull()
  expect(output()).toMatch(/library\.db is damaged.*backup/)
  expect(readFileSync(path)).toEqual(before)
})
