import { loadConfig } from './config.ts'
import type { Services } from './http/services.ts'
import { explainStart } from './starting/explain.ts'

/**
 * On SIGHUP the settings are read again, `.env` included, and those that can change meanwhile hold from
 * then on. Settings that cannot be used change nothing.
 *
 * Under a terminal the signal means that it was closed, and ends the process as ever.
 */
export function reloadOnHangup(
  readEnv: () => NodeJS.ProcessEnv,
  { keys }: Pick<Services, 'keys'>,
): void {
  if (process.stdin.isTTY) return
  process.on('SIGHUP', () => {
    try {
      const config = loadConfig(readEnv())
      keys.reload(config.API_KEYS)
      console.log('The settings were read again: API_KEYS.')
    } catch (error) {
      console.error(explainStart(error, {}))
      console.error('The settings hold as they were before.')
    }
  })
}
