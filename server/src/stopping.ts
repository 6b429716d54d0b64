import { setTimeout as wait } from 'node:timers/promises'
import type { App } from './http/app-type.ts'
import type { Services } from './http/services.ts'

/** How soon a connection is closed once its last answer is out. */
const checkMs = 50

export interface StopTimes {
  /** After SIGTERM, how long requests are taken while `/readyz` says that there should be none. */
  readonly graceMs: number
  /** Longest that answers under way are waited for. */
  readonly maxMs: number
}

/**
 * Stops on SIGINT and SIGTERM: no new connections, answers under way are finished, then everything is
 * closed in order and the process ends by itself, as soon as that is done.
 *
 * @param closeOthers closes connections that nothing is owed to
 */
export function stopInOrder(
  app: App,
  services: Services,
  { graceMs, maxMs, closeOthers }: StopTimes & { readonly closeOthers: () => void },
): void {
  const hurry = new AbortController()
  const stop = async (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT') hurry.abort()
    // On Ctrl-C the terminal tells everyone under npm, and npm tells us once more.
    if (services.phase.isStopping) return
    services.phase.isStopping = true
    // A person at a terminal does not send requests elsewhere.
    await wait(graceMs, null, { signal: hurry.signal }).catch(() => {})
    // A client that keeps its connection for a next request must not hold us up once it has its answer.
    const closing = setInterval(closeOthers, checkMs)
    const deadline = setTimeout(() => app.server.closeAllConnections(), maxMs)
    await app.close()
    clearInterval(closing)
    clearTimeout(deadline)
    await services.pages.close()
    await services.tracing?.close()
    await services.deps.store.close()
    services.state.close()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}
