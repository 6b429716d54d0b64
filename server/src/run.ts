import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { compose } from './compose.ts'
import type { Services } from './http/services.ts'
import { localUrl } from './starting/address.ts'
import { sayNoSecrets } from './starting/output.ts'
import { explainStart } from './starting/explain.ts'
import { settle } from './starting/settle.ts'
import { draining } from './http/connections/draining.ts'
import { reloadOnHangup } from './reloading.ts'
import { stopInOrder } from './stopping.ts'

/** A thread for each file reads all of it: whoever comes first after a start is answered before. */
const checkPagesAfterMs = 3_000

/**
 * The process: settings, listening, and stopping on a signal once the requests in flight are answered.
 *
 * @param readEnv gives the settings; what it throws is told like every other reason not to start
 * @param prepare work to do before anyone is told that the server is ready
 */
export async function run(
  readEnv: () => NodeJS.ProcessEnv,
  prepare?: (services: Services) => Promise<void>,
): Promise<void> {
  sayNoSecrets()
  let host: string | undefined
  try {
    const config = settle(readEnv)
    host = config.HOST
    const services = await compose(config)
    if (services.lostLibrary) console.warn(services.lostLibrary.detail)
    await prepare?.(services)
    const app = await buildApp(services)
    const closeOthers = draining(app.server)
    await app.listen({ host, port: config.PORT })
    const { port } = app.server.address() as AddressInfo
    console.log(`Lookalike is ready at ${localUrl(host, port)}`)
    stopInOrder(app, services, {
      graceMs: config.STOP_GRACE_S * 1000,
      maxMs: config.STOP_TIMEOUT_S * 1000,
      closeOthers,
    })
    reloadOnHangup(app, services, readEnv)
    setTimeout(() => void services.pages.run(), checkPagesAfterMs).unref()
  } catch (error) {
    console.error(explainStart(error, { HOST: host }))
    process.exit(1)
  }
}
