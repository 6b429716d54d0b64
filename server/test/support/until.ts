import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'

/** What `read` gives once it passes; the last, which fails the test, when it does not within ten seconds. */
export async function until<T>(
  read: () => Promise<T> | T,
  passes: (value: T) => boolean,
): Promise<T> {
  const end = performance.now() + 10_000
  for (;;) {
    const value = await read()
    if (passes(value)) return value
    if (performance.now() > end) expect.fail(`It stays ${JSON.stringify(value)}.`)
    await setTimeout(25)
  }
}
