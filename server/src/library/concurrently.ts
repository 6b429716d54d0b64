/**
 * Works on items in order, at most `concurrency` at once. After a failure nothing new is begun; what is under way
 * is waited for, and then the failure is thrown.
 */
export async function concurrently<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  const rest = items.values()
  const worker = async () => {
    // Workers share one iterator, so that each item is taken once.
    for (const item of rest) {
      await work(item).catch((error: unknown) => failures.push(error))
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
