import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { compose } from './compose.ts'
import { ConfigError, loadConfig } from './config.ts'
import { LookalikeError } from './errors.ts'
import type { Services } from './http/services.ts'

const drainMs = 10_000

/**
 * The process: settings, listening, and stopping on a signal once the requests in flight are answered.
 *
 * @param prepare work to do before anyone is told that the server is ready
 */
export async function run(
  env: NodeJS.ProcessEnv,
  prepare?: (services: Services) => Promise<void>,
): Promise<void> {
  try {
    const config = loadConfig(env)
    const services = await compose(config)
    await prepare?.(services)
    const app = await buildApp(services)
    await app.listen({ host: config.HOST, port: config.PORT })
    const { port } = app.server.address() as AddressInfo
    const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
    console.log(`Lookalike is ready at http://${host}:${port}`)

    let stopping = false
    const stop = async () => {
      // On Ctrl-C the terminal tells everyone under npm, and npm tells us once more.
      if (stopping) return
      stopping = true
      // Answers under way are finished; a client that never reads its own does not hold us up.
      setTimeout(() => app.server.closeAllConnections(), drainMs).unref()
      await app.close()
      await services.deps.store.close()
      services.state.close()
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}

function explain(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof LookalikeError) return error.message
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken, perhaps by another Lookalike: stop that one, or set PORT to a free port.`
  }
  return error
}
