import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dot } from '../conformance/stores/fixtures.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/store.ts'
import type { ImageStore } from '../../src/stores/image-store.ts'
import type { VectorRecord } from '../../src/records/record.ts'
import {
  apply,
  crashLibrary,
  crashOptions,
  operationsOf,
  randomNumbers,
  randomVector,
  touchedBy,
} from '../support/crash-operations.ts'
import { untilIdle } from '../support/stores.ts'

/** `npm run test:crash` is the long form: so many rounds, or as many as fit into CRASH_MINUTES. */
const minutes = Number(process.env['CRASH_MINUTES'] ?? 0)
const rounds = minutes > 0 ? Infinity : Number(process.env['CRASH_ROUNDS'] ?? 5)
const howLong = minutes > 0 ? `for ${minutes} minutes again and again` : `${rounds} times`
const writer = join(import.meta.dirname, '../support/crash-writer.ts')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test(
  `${howLong} killed while writing and optimising, nothing acknowledged is lost`,
  async () => {
    const random = randomNumbers(minutes || rounds)
    const end = Date.now() + minutes * 60_000
    const held = new Map<string, VectorRecord>()
    let next = 0
    for (let round = 0; minutes > 0 ? Date.now() < end : round < rounds; round++) {
      const acknowledged = await writeAndKill(next, random() * 700)
      for (; next <= acknowledged; next++) for (const each of operationsOf(next)) apply(held, each)
      // The step under way when it was killed: each of its operations happened, or did not.
      const store = await openEmbeddedStore(folder, crashLibrary, crashOptions)
      await settle(store, held, next++)
      await expectTruth(store, held)
      await expectSearch(store, held, random)
      // Now and then it is killed again before the index is mended.
      if (round % 3 > 0) {
        await untilIdle(store)
        await expectSearch(store, held, random)
      }
      await store.close()
    }
    expect(held.size).toBeGreaterThan(0)
  },
  minutes > 0 ? minutes * 60_000 + 120_000 : rounds * 20_000,
)

/** The last step that the process acknowledged; the one before `first` when it came to none. */
async function writeAndKill(first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [writer, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const ended = new Promise((resolve) => child.once('close', resolve))
  const opened = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      resolve()
    })
  })
  await Promise.race([opened, ended])
  expect(output, 'the process opened the library').toMatch(/^open\n/)
  await setTimeout(afterMs)
  child.kill('SIGKILL')
  await ended
  // A number cut short by the kill was not acknowledged.
  const steps = output.split('\n').slice(1, -1).map(Number)
  return steps.at(-1) ?? first - 1
}

/** Takes over, for the records of the unfinished step, which of the two allowed states they are in. */
async function settle(
  store: ImageStore,
  held: Map<string, VectorRecord>,
  step: number,
): Promise<void> {
  for (const operation of operationsOf(step)) {
    const ids = touchedBy(operation)
    const found = await store.getWithVectors(ids)
    const done = new Map(held)
    apply(done, operation)
    const state = (map: Map<string, VectorRecord>) => ids.flatMap((id) => map.get(id) ?? [])
    // All of an operation, or nothing of it.
    expect([plain(state(held)), plain(state(done))]).toContainEqual(plain(found))
    if (isDeepStrictEqual(plain(found), plain(state(done)))) apply(held, operation)
  }
}

/** Every record once, with its vector, metadata and description, and none that should not be. */
async function expectTruth(store: ImageStore, held: Map<string, VectorRecord>): Promise<void> {
  const listed: string[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await store.list({ limit: 100, ...(cursor && { cursor }) })
    listed.push(...page.records.map(({ id }) => id))
    cursor = page.nextCursor
  }
  const ids = [...held.keys()].sort()
  expect(listed.sort()).toEqual(ids)
  expect(await store.count()).toBe(held.size)
  expect(plain(await store.getWithVectors(ids))).toEqual(plain(ids.map((id) => held.get(id)!)))
}

async function expectSearch(
  store: ImageStore,
  held: Map<string, VectorRecord>,
  random: () => number,
): Promise<void> {
  for (let query = 0; query < 5; query++) {
    const vector = randomVector(random)
    const hits = await store.search({ vector, limit: 10 })
    const scores = [...held.values()].map((each) => dot(each.vector, vector)).sort((a, b) => b - a)
    expect(hits.map(({ score }) => score)).toEqual(
      scores.slice(0, 10).map((score) => expect.closeTo(score, 5)),
    )
    for (const { record, score } of hits) {
      expect(score).toBeCloseTo(dot(held.get(record.id)!.vector, vector), 5)
    }
  }
}

function plain(records: VectorRecord[]) {
  return records.map((each) => ({ ...each, vector: [...each.vector] }))
}
