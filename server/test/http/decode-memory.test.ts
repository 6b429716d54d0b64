import sharp from 'sharp'
import { afterEach, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
afterEach(() => server.stop())

/** Three megapixels that are decoded whole: more than half of what 64 MB leave for large pictures. */
const threeMegapixels = await sharp({
  create: { width: 2000, height: 1500, channels: 3, background: '#258' },
})
  .gif({ effort: 1 })
  .toBuffer()

/** The same picture in other bytes. */
const largePicture = (seed: number) => Buffer.concat([threeMegapixels, Buffer.from(`#${seed}`)])

const decoding = () => server.services.load.gates['decode']!

test('large pictures wait for memory, small ones never for large ones, and too many are refused', async () => {
  server = await startServer({ DECODE_MEMORY_MB: '64' })
  // The threads of the embedder have started.
  await server.search(await jpeg(0))
  const large = Array.from({ length: 40 }, (_, seed) => largePicture(seed))
  const callers = new AbortController()
  const searches = large.map((each) => server.search(each, {}, { signal: callers.signal }))
  await expect.poll(() => decoding().waiting).toBeGreaterThan(20)
  // One large picture at a time, for each takes more than half of what there is.
  expect(decoding().running).toBe(1)
  expect(decoding().inUse).toBeLessThanOrEqual(decoding().capacity)

  const small = await Promise.all([1, 2, 3].map(async (seed) => server.search(await jpeg(seed))))
  expect(small.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(decoding().waiting).toBeGreaterThan(5)

  const refused = await Promise.race(searches.map(async (search) => {
    const answer = await search
    return answer.status === 200 ? new Promise<never>(() => {}) : answer
  })) // prettier-ignore
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([503, 'overloaded', true]) // prettier-ignore
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)

  callers.abort()
  const ends = await Promise.allSettled(searches)
  const statuses = ends.flatMap((end) => (end.status === 'fulfilled' ? end.value.status : []))
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
  await expect
    .poll(() => [decoding().running, decoding().waiting, decoding().inUse])
    .toEqual([0, 0, 0])
  await expect.poll(server.uploads).toEqual([])
})

test('a caller who leaves gives the memory back at once', async () => {
  server = await startServer({ DECODE_MEMORY_MB: '64' })
  const caller = new AbortController()
  const left = server.search(largePicture(7), {}, { signal: caller.signal }).catch(() => 'left')
  await expect.poll(() => decoding().inUse).toBeGreaterThan(0)
  caller.abort()
  expect(await left).toBe('left')
  await expect.poll(() => [decoding().running, decoding().inUse]).toEqual([0, 0])
  await expect.poll(server.uploads).toEqual([])
  expect((await server.search(largePicture(8))).status).toBe(200)
})
