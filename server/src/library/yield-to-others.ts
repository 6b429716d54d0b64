import { setImmediate } from 'node:timers/promises'

/** Lets other requests run in between synchronous work; throws the signal's reason once aborted. */
export async function yieldToOthers(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await setImmediate()
  signal.throwIfAborted()
}
