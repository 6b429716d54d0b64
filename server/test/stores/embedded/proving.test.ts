import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Proving } from '../../../src/stores/embedded/vector-index/proving.ts'
import { IndexFolder } from '../../../src/stores/embedded/vector-index/index-folder.ts'
import type { Codes } from '../../../src/stores/embedded/codes/codes.ts'
import type { VectorIndex } from '../../../src/stores/embedded/vector-index/vector-index.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function begin(bytes: number) {
  const prove = vi.fn(async () => {})
  const index = { size: 5, prove } as Partial<VectorIndex> as VectorIndex
  const codes = { ready: true, size: 5, read: async () => {} } as Partial<Codes> as Codes
  const folder = new IndexFolder('', { dimensions: 3, quantization: 'int8' })
  vi.spyOn(folder, 'bytes').mockReturnValue(bytes)
  const notes = (['pause', 'resume', 'proven'] as const).map((note) =>
    vi.spyOn(folder, note).mockImplementation(() => {}),
  )
  /** How often each was noted: a process that ends while it is paused was not killed by the index. */
  const noted = () => notes.map(({ mock }) => mock.calls.length)
  return { prove, noted, proving: new Proving(index, codes, folder) }
}

test('a small index is asked at once', async () => {
  const { prove, noted, proving } = begin(1e6)
  await proving.proven
  expect(noted()).toEqual([0, 0, 1])
  expect(prove).toHaveBeenCalledOnce()
})

test('a large index leaves the disk to searches until none was answered for a while', async () => {
  const { prove, noted, proving } = begin(1e9)
  await proving.codesRead
  for (let search = 0; search < 3; search++) {
    proving.answered()
    await vi.advanceTimersByTimeAsync(400)
    expect(prove).not.toHaveBeenCalled()
    expect(noted()).toEqual([1, 0, 0])
  }
  await vi.advanceTimersByTimeAsync(100)
  await proving.proven
  expect(noted()).toEqual([1, 1, 1])
  expect(prove).toHaveBeenCalledOnce()
})

test('and no longer than some seconds, whether nobody searches or somebody always does', async () => {
  for (const searches of [false, true]) {
    const { prove, proving } = begin(1e9)
    await proving.codesRead
    for (let ms = 0; ms < 2_800; ms += 400) {
      if (searches) proving.answered()
      await vi.advanceTimersByTimeAsync(400)
    }
    expect(prove).not.toHaveBeenCalled()
    if (searches) proving.answered()
    await vi.advanceTimersByTimeAsync(200)
    await proving.proven
    expect(prove).toHaveBeenCalledOnce()
  }
})
