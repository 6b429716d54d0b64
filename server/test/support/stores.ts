import { setTimeout } from 'node:timers/promises'
import type { ImageStore } from '../../src/stores/image-store.ts'

/** Waits until the embedded store has nothing left to do in the background. */
export async function inOrder(store: ImageStore): Promise<void> {
  for (let waited = 0; waited < 1000; waited++) {
    const { detail } = await store.health()
    if (detail.endsWith('in order.')) return
    await setTimeout(20)
  }
  throw new Error(`Still not in order: ${(await store.health()).detail}`)
}
