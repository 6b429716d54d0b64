import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { record } from '../../conformance/stores/fixtures.ts'
import { randomNumbers, randomVector } from '../../support/crash-operations.ts'

test('searches are answered while vectors are taken in, however few processors there are', async () => {
  // As a machine with one of them has it. The engine reads it when it is first asked something.
  process.env['OMP_NUM_THREADS'] = '1'
  const { openEmbeddedStore } = await import('../../../src/stores/embedded/store.ts')
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const random = randomNumbers(1)
  const made = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) =>
      record(`${from + at}`, { vector: randomVector(random) }),
    )
  const library = { embedderId: 'test', dimensions: randomVector(random).length }
  const store = await openEmbeddedStore(folder, library, { graphFrom: 500 })
  await store.upsert(made(0, 500))
  await store.upsert(made(500, 4000))

  let isBusy = true
  const ask = async () => {
    let answers = 0
    for (; isBusy; answers++) await store.search({ vector: randomVector(random), limit: 10 })
    return answers
  }
  const asking = Promise.all([ask(), ask(), ask()])
  while ((await store.health()).busy) await setTimeout(10)
  isBusy = false
  expect(Math.min(...(await asking))).toBeGreaterThan(0)

  await store.close()
  await rm(folder, { recursive: true })
})
