import { execFileSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImagePage, ImageRecord, IndexResponse } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProcess } from '../support/process.ts'
import { getHealth, getJson, postForm, sendJson } from '../support/server.ts'

/** More rounds, each on a disk of another size, and on both kinds: `npm run test:hostile`. */
const rounds = Number(process.env['HOSTILE_ROUNDS'] ?? 1)
const clients = 8
const why = 'needs Linux and root, to mount small file systems'
const canMount = process.platform === 'linux' && process.getuid?.() === 0

let folder: string
let disk: string
let running: Awaited<ReturnType<typeof startProcess>> | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lookalike-full-'))
  disk = join(folder, 'disk')
  mkdirSync(disk)
})
afterEach(async () => {
  await running?.kill('SIGKILL')
  if (canMount) execFileSync('umount', ['-l', disk])
  rmSync(folder, { recursive: true, force: true })
})

const mounts = {
  tmpfs(megabytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk])
  },
  ext4(megabytes: number) {
    const image = join(folder, 'image')
    closeSync(openSync(image, 'w'))
    truncateSync(image, megabytes * 2 ** 20)
    execFileSync('mkfs.ext4', ['-q', '-F', image])
    execFileSync('mount', ['-o', 'loop', image, disk])
  },
}

const start = async () => {
  running = await startProcess({ DATA_DIR: disk, LOG_LEVEL: 'fatal' }, folder)
  expect(running.url, running.output()).not.toBeNull()
  return running as typeof running & { url: string }
}

const othersFolder = () => join(disk, 'others')

/** Another program takes every byte that there is. */
function fillUp(): void {
  mkdirSync(othersFolder(), { recursive: true })
  const file = openSync(join(othersFolder(), randomUUID()), 'w')
  for (let size = 1 << 20; size >= 512;) {
    try {
      // A short write means the end as well.
      if (writeSync(file, Buffer.alloc(size, 7)) === size) continue
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
    size /= 2
  }
  closeSync(file)
}

/** A picture of noise, which takes three bytes a pixel. */
function noise(edge: number): Promise<Buffer> {
  const raw = { width: edge, height: edge, channels: 3 as const }
  // Nothing makes it smaller, so nobody tries.
  return sharp(randomBytes(edge * edge * 3), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

/** Fills the library until nothing more is taken, and some more. */
async function indexUntilFull(url: string, tag: string) {
  const kept = new Map<string, { sha256: string; picture: Buffer }>()
  const statuses = new Set<number>()
  let refused = 0
  let number = 0
  const client = async () => {
    while (refused < 5 * clients) {
      const mine = number++
      const picture = await noise(mine % 10 === 9 ? 900 : 400)
      const metadata = JSON.stringify({ mine, padding: 'x'.repeat(2000) })
      const fields = { image_uri: `urn:${tag}:${mine}`, metadata }
      const { status, body } = await postForm<IndexResponse>(
        `${url}/api/images/index`,
        picture,
        fields,
      )
      statuses.add(status)
      if (status === 507) refused++
      if (status !== 201) continue
      const sha256 = createHash('sha256').update(picture).digest('hex')
      kept.set(body.id, { sha256, picture })
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  expect([...statuses].toSorted()).toEqual([201, 507])
  return kept
}

type Kept = Awaited<ReturnType<typeof indexUntilFull>>

async function expectAll(url: string, kept: Kept) {
  const { body } = await getJson<ImagePage>(`${url}/api/images?limit=1000`)
  expect(new Set(body.images.map(({ id }) => id))).toEqual(new Set(kept.keys()))
  for (const [id, { sha256 }] of kept) {
    const file = await fetch(`${url}/api/images/${id}/file`)
    const bytes = Buffer.from(await file.arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  }
}

async function expectRefusals(url: string, kept: Kept) {
  const { body: health } = await getHealth(url)
  expect(health.status).toBe('degraded')
  expect(health.checks.disk?.detail).toMatch(/MB left/)
  const added = await postForm(`${url}/api/images/index`, await noise(900), {})
  expect([added.status, added.body.code]).toEqual([507, 'storage_full'])
  const [id] = kept.keys()
  const changed = await sendJson('PATCH', `${url}/api/images/${id}`, { metadata: { a: 1 } })
  expect(changed.status).toBe(507)
}

/** What goes on however full the disk is. */
async function expectSearchesAndDeletions(url: string, kept: Kept) {
  const [[id, { picture }]] = kept as unknown as [[string, { picture: Buffer }]]
  for (const searched of [picture, await noise(100), await noise(900)]) {
    const found = await postForm(`${url}/api/images/search-similar`, searched, {})
    expect(found.status, JSON.stringify(found.body)).toBe(200)
  }
  expect((await fetch(`${url}/api/images/${id}`, { method: 'DELETE' })).status).toBe(204)
  kept.delete(id)
}

const kinds = process.env['HOSTILE_ROUNDS'] ? Object.keys(mounts) : ['ext4']
const cases = kinds.flatMap((kind) =>
  Array.from({ length: rounds }, (_, round) => [kind as keyof typeof mounts, round] as const),
)

describe.skipIf(!canMount)(`a full disk (${why})`, () => {
  test.each(cases)(
    'of %s, round %i: nothing dies, nothing is lost, and it recovers',
    async (kind, round) => {
      mounts[kind](28 + (kind === 'ext4' ? 16 : 0) + round)
      const first = await start()
      const kept = await indexUntilFull(first.url, 'first')
      await expectAll(first.url, kept)
      fillUp()
      await expectRefusals(first.url, kept)
      // In order, or killed before anything gave way.
      const signal = round % 2 === 0 ? 'SIGTERM' : 'SIGKILL'
      if (signal === 'SIGTERM') await expectSearchesAndDeletions(first.url, kept)
      expect(await first.kill(signal)).toBe(signal === 'SIGTERM' ? 0 : null)
      const second = await start()
      await expectSearchesAndDeletions(second.url, kept)
      await expectAll(second.url, kept)

      rmSync(othersFolder(), { recursive: true })
      const doomed = [...kept.keys()].slice(0, 10)
      for (const id of doomed) {
        expect((await fetch(`${second.url}/api/images/${id}`, { method: 'DELETE' })).status).toBe(
          204,
        )
        kept.delete(id)
      }
      const healthy = async () => (await getHealth(second.url)).body.status
      await expect.poll(healthy, { timeout: 20_000 }).toBe('ok')
      const picture = await noise(200)
      const added = await postForm<ImageRecord>(`${second.url}/api/images/index`, picture, {})
      expect(added.status).toBe(201)
      kept.set(added.body.id, { sha256: added.body.sha256!, picture })
      expect(await second.kill('SIGTERM')).toBe(0)
      const third = await start()
      await expectAll(third.url, kept)
    },
    120_000,
  )
})
