/**
 * Works through a sequence, at most `concurrency` items at a time, and takes no more of it than that
 * ahead. The first error ends it after what is in flight is done: a picture on its way must not be
 * cut off by another that failed. (p-map, and streams alike, reject while others are still at work.)
 */
export async function concurrently<T>(
  items: AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  let failed = false
  const worker = async () => {
    while (!failed) {
      const { done, value } = await iterator.next()
      if (done) return
      await work(value)
    }
  }
  const workers = Array.from({ length: concurrency }, () =>
    worker().catch((error: unknown) => {
      failed = true
      throw error
    }),
  )
  const results = await Promise.allSettled(workers)
  await iterator.return?.()
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
