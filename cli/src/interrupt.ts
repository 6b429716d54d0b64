/** How a person stops a long command: first gently, then at once. */
export interface Interrupt {
  /** Aborted by the first signal: begin nothing new, finish what is in flight. */
  readonly stopping: AbortSignal
  /** Aborted by the second: let go of what is in flight, too. */
  readonly leaving: AbortSignal
}

/**
 * Listens for Ctrl-C and SIGTERM for as long as `work` runs.
 *
 * @param onStopping called once, when the first signal arrives
 */
export async function interruptible<T>(
  work: (interrupt: Interrupt) => Promise<T>,
  onStopping: () => void,
): Promise<T> {
  const stopping = new AbortController()
  const leaving = new AbortController()
  const onSignal = () => {
    if (stopping.signal.aborted) return leaving.abort()
    stopping.abort()
    onStopping()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  try {
    return await work({ stopping: stopping.signal, leaving: leaving.signal })
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}
