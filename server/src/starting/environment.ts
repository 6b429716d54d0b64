import { settingNames } from '../config.ts'
import { ConfigError } from '../setting-types.ts'
import { readEnvFile } from './env-file.ts'
import { misspelled, unknown, type UnknownSetting } from './unknown-settings.ts'

/** What Node, its proxies and the command line read, which may stand in `.env` as well. */
const othersNames = [
  'LOOKALIKE_URL',
  'LOOKALIKE_API_KEY',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]),
  'NODE_ENV',
  // Read by OpenTelemetry itself.
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'UV_THREADPOOL_SIZE',
  'TZ',
]

/** Which variables of an environment came from the file: they go when it is read again. */
const ofFile = new WeakMap<NodeJS.ProcessEnv, string[]>()

/**
 * Completes the environment by what the file `.env` says; a variable that is set wins. Called again, it
 * takes what the file says by then.
 *
 * @throws ConfigError when the file cannot be read, or a name is all but that of a setting: what was
 *   meant by it, a key for instance, would silently not be so
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = readEnvFile()
  for (const name of ofFile.get(environment) ?? []) delete environment[name]
  const inFile = unknown(file, settingNames, othersNames)
  const mistakes = [
    ...misspelled(environment, settingNames, othersNames),
    ...inFile.filter(({ meant }) => meant !== null),
  ]
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(describe).join('\n'))
  for (const { name } of inFile.filter(({ meant }) => meant === null)) {
    console.warn(`${name} in the file .env is no setting of Lookalike, and is passed over.`)
  }
  const missing = Object.keys(file).filter((name) => !environment[name]?.trim())
  for (const name of missing) environment[name] = file[name]
  ofFile.set(environment, missing)
  return environment
}

function describe({ name, meant }: UnknownSetting): string {
  return (
    `${name} is no setting: did you mean ${meant}? Rename it; ` +
    `if it is another program's, take it away or set ${meant} too.`
  )
}
