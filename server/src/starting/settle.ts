import { loadConfig, type Config } from '../config.ts'
import { prepareDataDir } from '../data-dir/prepare.ts'
import { readSecretly } from './secret-settings.ts'

/**
 * What every start goes through before anything is opened: the settings, whose secrets nothing says from then on, and
 * the folder for everything that is kept, which is there and can be used.
 *
 * @throws ConfigError that says what to do
 */
export function settle(readEnv: () => NodeJS.ProcessEnv): Config {
  const config = loadConfig(readSecretly(readEnv))
  prepareDataDir(config.DATA_DIR)
  return config
}
