import { setTimeout } from 'node:timers/promises'
import type { ImageStore } from '../../src/stores/image-store.ts'

/** Waits until the embedded store does nothing in the background. */
export async function untilIdle(store: ImageStore): Promise<void> {
  for (let waited = 0; waited < 1000; waited++) {
    if ((await store.health()).busy === false) return
    await setTimeout(20)
  }
  throw new Error(`Still busy: ${(await store.health()).detail}`)
}
