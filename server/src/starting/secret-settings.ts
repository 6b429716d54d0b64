import { settingNames } from '../config.ts'
import { hideSecrets } from '../secrets.ts'
import { entriesOf } from '../setting-types.ts'

/** What the name of a setting ends with whose value nobody may see. */
const secretName = /(?:_KEYS?|_PASSWORD|_SECRET|_TOKEN|_HEADERS)$/
/** Not of Lookalike, and yet read where it runs. */
const others = ['OTEL_EXPORTER_OTLP_HEADERS', 'LOOKALIKE_API_KEY']

/** Whether nobody may see the value of this setting. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/** The secrets that an environment holds: by the names of the settings, so that one that is added is hidden as well. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  // As Basic credentials go.
  const pair = env['SPARQL_PASSWORD'] && `${env['SPARQL_USER'] ?? ''}:${env['SPARQL_PASSWORD']}`
  const named = [...settingNames, ...others].flatMap((name) => {
    const values = [env[name], env[name.toLowerCase()]].filter((value) => value !== undefined)
    return values.flatMap((value) => [
      ...(isSecretName(name) ? [value.trim(), ...entriesOf(value)] : []),
      ...passwordsIn(value),
    ])
  })
  return pair ? [...named, pair] : named
}

/** Of whoever is named in an address, as in those of proxies. */
function passwordsIn(text: string): string[] {
  const pair = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?([^/@?#]*):([^/@?#]*)@/i.exec(text)
  if (!pair) return []
  const [, user = '', password = ''] = pair
  return [password, decoded(password), `${decoded(user)}:${decoded(password)}`]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Reads the settings, whose secrets nothing says from then on. */
export function readSecretly(readEnv: () => NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env = readEnv()
  hideSecrets(secretsIn(env))
  return env
}
