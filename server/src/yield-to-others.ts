const waiting: (() => void)[] = []

/**
 * Lets other requests run in between synchronous work, which calls this every few milliseconds. Of all that works in such
 * slices one goes on in each turn of the event loop, in the order in which they came: together they hold up others no
 * longer than one of them does.
 *
 * @throws the signal's reason once aborted
 */
export async function yieldToOthers(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(next)
  })
  signal?.throwIfAborted()
}

function next(): void {
  waiting.shift()!()
  if (waiting.length > 0) setImmediate(next)
}
