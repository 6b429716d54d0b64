import { mkdirSync } from 'node:fs'
import { ConfigError, loadConfig } from './config.ts'
import { Keys } from './keys/keys.ts'
import { explainStart } from './starting/explain.ts'
import { readEnvironment } from './starting/environment.ts'

/**
 * `npm run admin-key -- <name>`: makes a key where the server's data lies, which nobody could ask a server
 * without keys for. A running server takes it at the next request.
 */
const [name = 'admin'] = process.argv.slice(2)
try {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) {
    throw new ConfigError(
      `A key cannot be called ${JSON.stringify(name)}: use letters a-z, digits, and . _ - between them.`,
    )
  }
  // Listening is not what this is for.
  const config = loadConfig({ ...readEnvironment(process.env), HOST: '127.0.0.1' })
  mkdirSync(config.DATA_DIR, { recursive: true })
  const { text } = new Keys(config.DATA_DIR, config.API_KEYS).add({
    name,
    scope: 'admin',
    expiresAt: null,
  })
  console.log(text)
  console.error(`This is the key ${name} (admin). It is not shown again: keep it now.`)
} catch (error) {
  console.error(explainStart(error, {}))
  process.exitCode = 1
}
