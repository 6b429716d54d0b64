import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BackgroundWork } from '../../src/library/background/background-work.ts'

const retryAfterMs = 3_000

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('it is done soon after it was woken, once for all who did', async () => {
  let runs = 0
  const work = new BackgroundWork(async () => void runs++, retryAfterMs)
  work.wake(500)
  work.wake(100)
  work.wake(900)
  expect(work.isDue).toBe(true)
  await vi.advanceTimersByTimeAsync(99)
  expect(runs).toBe(0)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(runs).toBe(1)
  expect(work.isDue).toBe(false)
})

test('what comes while it runs is done too, and never two at once', async () => {
  let runs = 0
  let finish = () => {}
  const work = new BackgroundWork(() => {
    runs++
    return new Promise((resolve) => (finish = resolve))
  }, retryAfterMs)
  const done = work.run()
  void work.run()
  void work.run()
  expect(runs).toBe(1)
  finish()
  await vi.advanceTimersByTimeAsync(0)
  expect(runs).toBe(2)
  finish()
  await done
  expect(work.isRunning).toBe(false)
})

test('what comes in the very moment that a run ends is done too', async () => {
  for (let turns = 0; turns < 8; turns++) {
    let runs = 0
    const work = new BackgroundWork(async () => void runs++, retryAfterMs)
    void work.run()
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    await work.run()
    expect(runs).toBe(2)
  }
})

test('what failed is tried again after its pause, however often it is woken, and says why meanwhile', async () => {
  const failures = [new Error('one'), new Error('two')]
  let runs = 0
  const work = new BackgroundWork(async () => {
    const failure = failures[runs++]
    if (failure) throw failure
  }, retryAfterMs)
  await work.run()
  expect(work).toMatchObject({ isWaitingToRetry: true, failures: 1, trouble: failures[0] })
  work.wake()
  await vi.advanceTimersByTimeAsync(retryAfterMs - 1)
  expect(runs).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(work).toMatchObject({ isWaitingToRetry: true, failures: 2, trouble: failures[1] })
  await vi.advanceTimersByTimeAsync(retryAfterMs)
  expect(work).toMatchObject({ isDue: false, failures: 0, trouble: undefined })
})

test('once closed it ends, and is begun no more', async () => {
  let runs = 0
  const work = new BackgroundWork((signal) => {
    runs++
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    )
  }, retryAfterMs)
  void work.run()
  await work.close()
  work.wake()
  await vi.advanceTimersByTimeAsync(10 * retryAfterMs)
  expect(work).toMatchObject({ isDue: false, trouble: undefined })
  await work.run()
  expect(runs).toBe(1)
})
