import { CommandError, exitCodes } from '@lookalike/cli'
import { loadConfig, type Config } from '../../../server/src/config.ts'
import type { ServerAddress } from '../../../server/src/data-dir/running-server.ts'
import { readEnvironment } from '../../../server/src/starting/environment.ts'
import { explainStart } from '../../../server/src/starting/explain.ts'
import { readSecretly } from '../../../server/src/starting/secret-settings.ts'
import { folders } from '../serve/folders.ts'

/**
 * Does `work` with the settings that `lookalike serve` would have.
 *
 * @param data the library's folder, where it is told
 * @throws CommandError for what could not be looked at or was asked wrongly
 */
export async function withServerSettings<T>(
  data: string | undefined,
  work: (config: Config) => Promise<T>,
): Promise<T> {
  try {
    const env = readSecretly(() => readEnvironment(process.env))
    const folder = data ?? (env['DATA_DIR']?.trim() || folders().library)
    return await work(loadConfig({ ...env, DATA_DIR: folder }))
  } catch (error) {
    const explained = explainStart(error, {})
    if (typeof explained !== 'string') throw error
    throw new CommandError(explained, exitCodes.usage, { cause: error })
  }
}

const defaultUrl = 'http://127.0.0.1:8000'

/**
 * Where a server answers that may use the library, and what opens it.
 *
 * @param url where it is, if it was told
 */
export function serverAddress(url: string | undefined): ServerAddress {
  const { LOOKALIKE_URL, LOOKALIKE_API_KEY } = process.env
  const address = (url ?? LOOKALIKE_URL?.trim()) || defaultUrl
  return { url: address.replace(/\/+$/, ''), apiKey: LOOKALIKE_API_KEY?.trim() || undefined }
}
