import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImagePage, IndexResponse } from '@lookalike/sdk'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { getHealth, getJson, postForm } from '../support/server.ts'

/** `npm run test:hostile`. */
const isWanted = process.env['HOSTILE_ROUNDS'] !== undefined
const limit = 640 * 2 ** 20
const clients = 24
const each = 4

/** Control groups of version 1, and of version 2 where memory may be given away. */
const roots = [
  {
    folder: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
  },
  { folder: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak' },
]

/** Null where this user may make none. */
function makeGroup() {
  for (const root of roots) {
    const folder = join(root.folder, `lookalike-${process.pid}`)
    try {
      mkdirSync(folder)
      if (!existsSync(join(folder, root.limit))) throw new Error('no memory here')
      writeFileSync(join(folder, root.limit), String(limit))
      return { folder, peak: () => Number(readFileSync(join(folder, root.peak), 'utf8')) / 2 ** 20 }
    } catch {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return null
}

const group = isWanted ? makeGroup() : null

test.skipIf(group === null)(
  'in 640 MB (needs root and control groups) large pictures are taken or refused, and nothing dies',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lookalike-memory-'))
    const enter = `echo $$ > ${group!.folder}/cgroup.procs; exec "$0" "$@"`
    const server = await startProcess(
      { DATA_DIR: join(folder, 'data'), DECODE_MEMORY_MB: '200', GRAPH_MEMORY_MB: '64' },
      folder,
      undefined,
      ['sh', '-c', enter],
    )
    const url = server.url!
    try {
      const large = await Promise.all([1, 2, 3, 4].map((seed) => large24(seed)))
      const statuses = new Map<number, number>()
      const kept = new Set<string>()
      const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const client = async (number: number) => {
        for (let n = 0; n < each; n++) {
          const fields = { image_uri: `urn:large:${number}:${n}` }
          const picture = large[(number + n) % large.length]!
          const { status, body } = await postForm<IndexResponse>(`${url}/api/images/index`, picture, fields) // prettier-ignore
          count(status)
          if (status === 201) kept.add(body.id)
          const found = await postForm(`${url}/api/images/search-similar`, await jpeg(number), {})
          count(found.status)
        }
      }
      await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
      process.stdout.write(
        `${JSON.stringify([...statuses])}, peak ${group!.peak().toFixed(0)} MiB\n`,
      )
      expect([...statuses.keys()].filter((status) => ![200, 201, 503].includes(status))).toEqual([])
      expect(kept.size).toBeGreaterThan(0)
      expect((await getHealth(url)).status).toBe(200)
      const { body } = await getJson<ImagePage>(`${url}/api/images?limit=1000`)
      expect(new Set(body.images.map(({ id }) => id))).toEqual(kept)
      expect(await server.kill('SIGTERM')).toBe(0)
    } finally {
      await server.kill('SIGKILL')
      rmdirSync(group!.folder)
      rmSync(folder, { recursive: true, force: true })
    }
  },
  300_000,
)

/** 24 megapixels, of which a decoder makes 72 MB. */
function large24(seed: number): Promise<Buffer> {
  const background = { r: 40 * seed, g: 200 - 30 * seed, b: 90 }
  return sharp({ create: { width: 6000, height: 4000, channels: 3, background } })
    .jpeg()
    .toBuffer()
}
