import { createClient, type Client, type ExportedRecord } from '@lookalike/sdk'
import { afterEach, expect, test, vi } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { DuplicateGroups } from '../../src/library/duplicates/duplicate-groups.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { randomNumbers } from '../support/crash-operations.ts'
import { exportedRecord } from '../support/exported-records.ts'
import { startServer, type TestServer } from '../support/server.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function start(env: Record<string, string> = {}) {
  const server = await startServer(env)
  stops.push(() => server.stop())
  return { server, client: createClient({ baseUrl: server.url }) }
}

const uriOf = (name: number) => `https://example.org/${name}`

/** Records without files, for only what is known of a picture makes it a duplicate. */
function recordsOf({ services }: TestServer) {
  const { embedder } = services.deps
  return (name: number, phash: string, width: number): ExportedRecord =>
    exportedRecord(embedder, uriOf(name), {
      sha256: `${phash || name}`.padStart(63, '0') + (width % 2),
      width,
      phash,
    })
}

/** A group is its members, the keeper first. */
async function groupsOf(client: Client): Promise<string[][]> {
  const { groups } = await client.duplicates({ limit: 1000 })
  return groups.map(({ keeper, duplicates }) => [keeper.id, ...duplicates.map(({ image }) => image.id)]) // prettier-ignore
}

test('groups follow every write, as if the library were looked through anew', async () => {
  const { server, client } = await start()
  const { store } = server.services.deps
  const random = randomNumbers(7)
  const draw = (below: number) => Math.floor(random() * below)
  // Few bits that differ, so that chains of likeness form, join and part; some plain pictures.
  const phash = () => (draw(10) === 0 ? '' : draw(2 ** 16).toString(16).padStart(16, 'abcdef0123')) // prettier-ignore
  const record = recordsOf(server)
  let most = 0
  for (let round = 0; round < 40; round++) {
    const written = Array.from({ length: 1 + draw(8) }, () =>
      record(draw(120), phash(), 10 + draw(4)),
    )
    await client.import([...new Map(written.map((each) => [each.id, each])).values()])
    await client.remove(recordId(uriOf(draw(120)))).catch(() => {})
    const groups = await groupsOf(client)
    const anew = await new DuplicateGroups(server.services.deps.copies.known).list(
      store,
      new AbortController().signal,
    )
    expect(groups).toEqual(anew)
    most = Math.max(most, groups.length)
  }
  expect(most).toBeGreaterThan(10)
})

test('what another server writes shows within a minute, what it deletes at once', async () => {
  const qdrant = await new FakeQdrant().start()
  stops.push(() => qdrant.stop())
  const env = { QDRANT_URL: qdrant.url, GRAPH: 'none' }
  const { client: here, server } = await start(env)
  const { client: there } = await start(env)
  const record = recordsOf(server)
  const all = [1, 2, 3, 4].map((name) => record(name, name < 3 ? 'a'.repeat(16) : 'b'.repeat(16), 10 + name)) // prettier-ignore
  const [first, second, third, fourth] = all.map(({ id }) => id)
  await there.import(all.slice(0, 3))
  vi.useFakeTimers({ toFake: ['Date'] })
  expect(await groupsOf(here)).toEqual([[second, first]])
  await there.import(all)
  vi.advanceTimersByTime(61_000)
  expect(await groupsOf(here)).toEqual([[second, first], [fourth, third]]) // prettier-ignore
  await there.remove(first!)
  expect(await groupsOf(here)).toEqual([[fourth, third]])
  expect(qdrant.violations).toEqual([])
})
