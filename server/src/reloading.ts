import { loadConfig } from './config.ts'
import type { App } from './http/app-type.ts'
import type { Services } from './http/services.ts'
import { readSecretly } from './starting/secret-settings.ts'
import { explainStart } from './starting/explain.ts'

/**
 * On SIGHUP the settings are read again, `.env` included, and those that can change meanwhile hold from
 * then on. Settings that cannot be used change nothing.
 *
 * Under a terminal the signal means that it was closed: then the process stops, in order.
 */
export function reloadOnHangup(
  app: App,
  { keys }: Pick<Services, 'keys'>,
  readEnv: () => NodeJS.ProcessEnv,
): void {
  // Windows sends it when a console is closed, and ends the process whatever it does.
  if (process.platform === 'win32') return
  process.on('SIGHUP', () => {
    if (process.stdin.isTTY) {
      process.emit('SIGTERM', 'SIGTERM')
      return
    }
    try {
      const config = loadConfig(readSecretly(readEnv))
      keys.reload(config.API_KEYS)
      app.log.level = config.LOG_LEVEL
      console.log('The settings were read again: API_KEYS, LOG_LEVEL.')
    } catch (error) {
      console.error(explainStart(error, {}))
      console.error('The settings hold as they were before.')
    }
  })
}
