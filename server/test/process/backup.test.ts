import { spawnSync } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Health, ImagePage, ImageRecord, SearchResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { getJson, postForm, startServer } from '../support/server.ts'

interface Snapshot {
  file: string
  images: number
  bytes: number
}

let folder: string
const running: Awaited<ReturnType<typeof startProcess>>[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill('SIGKILL')))
  await rm(folder, { recursive: true, force: true })
})

const add = async (url: string, seed: number) =>
  (await postForm<ImageRecord>(`${url}/api/images/index`, await jpeg(seed), {})).status

test('a snapshot taken while pictures come in is a library that opens with all acknowledged before', async () => {
  const server = await startServer()
  try {
    for (const seed of [1, 2, 3]) expect(await add(server.url, seed)).toBe(201)
    const [taken] = await Promise.all([
      getJson<Snapshot>(`${server.url}/api/snapshots`, { method: 'POST' }),
      add(server.url, 4),
      add(server.url, 5),
    ])
    expect(taken.status).toBe(201)
    expect(taken.body.file).toMatch(/^snapshots\/library-[\d\w-]+\.db$/)
    expect(taken.body.bytes).toBeGreaterThan(0)
    const graph = await getJson<Snapshot>(`${server.url}/api/snapshots?of=graph`, {
      method: 'POST',
    })
    expect([graph.status, graph.body.images]).toEqual([201, 5])
    expect(graph.body.file).toMatch(/^snapshots\/graph-[\d\w-]+\.db$/)
    expect(await readdir(join(server.dataDir, 'snapshots'))).toHaveLength(2)

    const restored = join(folder, 'data')
    await mkdir(restored)
    await copyFile(join(server.dataDir, taken.body.file), join(restored, 'library.db'))
    await cp(join(server.dataDir, 'files'), join(restored, 'files'), { recursive: true })
    const again = await startServer({ DATA_DIR: restored })
    try {
      const { body } = await getJson<ImagePage>(`${again.url}/api/images`)
      expect(body.images.length).toBeGreaterThanOrEqual(3)
      for (const seed of [1, 2, 3]) {
        const answer = await postForm<SearchResponse>(
          `${again.url}/api/images/search-similar`,
          await jpeg(seed),
          { limit: '1' },
        )
        expect(answer.body.cached).toBe(true)
        expect((await fetch(answer.body.results[0]!.image_url!)).status).toBe(200)
      }
    } finally {
      await again.stop()
    }
  } finally {
    await server.stop()
  }
})

test('a snapshot needs a key when keys are set', async () => {
  const server = await startServer({ API_KEYS: 'secret' })
  const snapshots = `${server.url}/api/snapshots`
  try {
    expect((await getJson(snapshots, { method: 'POST' })).status).toBe(401)
    const headers = { authorization: 'Bearer secret' }
    expect((await getJson(snapshots, { method: 'POST', headers })).status).toBe(201)
  } finally {
    await server.stop()
  }
})

test('of a library that Qdrant keeps, Qdrant makes the copy', async () => {
  const qdrant = await new FakeQdrant().start()
  const server = await startServer({ QDRANT_URL: qdrant.url })
  try {
    await server.index(await jpeg(1))
    const { status, body } = await getJson<Snapshot>(`${server.url}/api/snapshots`, {
      method: 'POST',
    })
    expect([status, body]).toEqual([
      201,
      {
        file: `${qdrant.url}/collections/images/snapshots/images-1.snapshot`,
        images: 1,
        bytes: 1000,
      },
    ])
  } finally {
    await server.stop()
    await qdrant.stop()
  }
})

/** Runs a command that finds at `folder` a disk of 4 MB, which nobody else sees. */
function onSmallDisk(folder: string): string[] {
  const script = 'mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"'
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, folder]
}

test('a full disk refuses what is new with 507, and goes on answering', async ({ skip }) => {
  const data = join(folder, 'data')
  await mkdir(data)
  const [program, ...args] = onSmallDisk(data)
  const possible = spawnSync(program!, [...args, 'true']).status === 0
  if (!possible) return skip('this system lets no test mount a disk of its own')
  const server = await startProcess({ DATA_DIR: data }, folder, undefined, [program!, ...args])
  running.push(server)
  let status = 201
  let kept = 0
  for (let seed = 0; seed < 400 && status === 201; seed++) {
    status = await add(server.url!, seed)
    if (status === 201) kept++
  }
  expect(status).toBe(507)
  expect(kept).toBeGreaterThan(3)
  const { body } = await getJson<ImagePage>(`${server.url}/api/images?limit=100`)
  expect(body.images.length).toBe(Math.min(kept, 100))
  const similar = `${server.url}/api/images/${body.images[0]!.id}/similar`
  expect((await getJson<SearchResponse>(similar)).body.results.length).toBeGreaterThan(0)
  expect((await getJson<Health>(`${server.url}/api/health`)).status).toBe(200)
}, 120_000)
