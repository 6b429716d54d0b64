/**
 * Works on items in order, `atOnce` side by side. After a failure nothing new is begun; what is under way
 * is waited for, and then the failure is thrown.
 */
export async function concurrently<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  const rest = items.values()
  const worker = async () => {
    // Workers share one iterator: each item is somebody's.
    for (const item of rest) {
      await work(item).catch((error: unknown) => failures.push(error))
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
