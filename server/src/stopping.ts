import type { App } from './http/app-type.ts'
import type { Services } from './http/services.ts'

/** Longest that answers under way are waited for. */
const drainMs = 10_000
/** How soon a connection is closed once its last answer is out. */
const idleCheckMs = 50

/**
 * Stops on SIGINT and SIGTERM: no new connections, answers under way are finished, then everything is
 * closed in order and the process ends by itself.
 */
export function stopInOrder(app: App, services: Services): void {
  let stopping = false
  const stop = async () => {
    // On Ctrl-C the terminal tells everyone under npm, and npm tells us once more.
    if (stopping) return
    stopping = true
    // A client that keeps its connection for a next request must not hold us up once it has its answer...
    const idle = setInterval(() => app.server.closeIdleConnections(), idleCheckMs)
    // ... nor one that never reads it.
    const drained = setTimeout(() => app.server.closeAllConnections(), drainMs)
    await app.close()
    clearInterval(idle)
    clearTimeout(drained)
    await services.deps.store.close()
    services.state.close()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}
