import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { answered, goFirst, yieldToOthers } from '../../src/yield-to-others.ts'

/** More than any of these takes when nothing is in its way. */
const manyTurns = 20

async function turns(count = manyTurns): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate()
}

/** Work in slices, until it is told to end. */
function begin(onSlice: () => void = () => {}) {
  const abort = new AbortController()
  let slices = 0
  const ended = (async () => {
    for (;;) {
      await yieldToOthers(abort.signal)
      slices++
      onSlice()
    }
  })().catch(() => {})
  return {
    get slices() {
      return slices
    },
    end() {
      abort.abort()
      return ended
    },
  }
}

describe('work in slices', () => {
  const works: ReturnType<typeof begin>[] = []
  const start = (onSlice?: () => void) => {
    const work = begin(onSlice)
    works.push(work)
    return work
  }

  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(async () => {
    const ended = works.splice(0).map((work) => work.end())
    await vi.advanceTimersByTimeAsync(1000)
    await Promise.all(ended)
    vi.useRealTimers()
  })

  test('takes one turn after the other, and no two the same', async () => {
    let turn = 0
    const taken: number[] = []
    const works = [start(() => taken.push(turn)), start(() => taken.push(turn))]
    for (; turn < manyTurns; turn++) await setImmediate()
    expect(new Set(taken).size).toBe(taken.length)
    expect(works[0]!.slices).toBeGreaterThan(2)
    expect(Math.abs(works[0]!.slices - works[1]!.slices)).toBeLessThan(2)
  })

  test('waits for a call that somebody waits for, and goes on when it is answered', async () => {
    const work = start()
    const call = {}
    goFirst(call, () => {})
    await turns()
    expect(work.slices).toBe(0)
    answered(call)
    await turns()
    expect(work.slices).toBeGreaterThan(2)
  })

  test('is not kept waiting by calls that never end', async () => {
    const work = start()
    for (let n = 1; n < 8; n++) {
      goFirst({}, () => {})
      await turns()
      await vi.advanceTimersByTimeAsync(25)
      await turns()
      expect(work.slices).toBe(n)
    }
    // Nobody waits so long for what is quickly done.
    await vi.advanceTimersByTimeAsync(200)
    await turns()
    expect(work.slices).toBeGreaterThan(10)
  })

  test('comes after no call that turns out to be such work itself', async () => {
    const work = start()
    const call = {}
    let own: ReturnType<typeof begin> | undefined
    goFirst(call, () => (own = start()))
    await turns()
    expect(work.slices).toBeGreaterThan(2)
    expect(own!.slices).toBeGreaterThan(2)
    answered(call)
  })
})
