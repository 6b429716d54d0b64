/**
 * Works through a sequence with `width` hands. Each takes the next item when it is free, so no more
 * than `width` are held at once, however long the sequence. The first error ends all hands, after
 * each has finished what it holds.
 */
export async function concurrently<T>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  let failed = false
  const hand = async () => {
    while (!failed) {
      const { done, value } = await iterator.next()
      if (done) return
      await work(value)
    }
  }
  const hands = Array.from({ length: width }, () =>
    hand().catch((error: unknown) => {
      failed = true
      throw error
    }),
  )
  const results = await Promise.allSettled(hands)
  await iterator.return?.()
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
