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
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'UV_THREADPOOL_SIZE',
  'TZ',
]

/**
 * Completes the environment by what the file `.env` says; a variable that is set wins.
 *
 * @throws ConfigError when the file cannot be read, or a name is all but that of a setting: what was
 *   meant by it, a key for instance, would silently not be so
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = readEnvFile()
  const inFile = unknown(file, settingNames, othersNames)
  const mistakes = [
    ...misspelled(environment, settingNames, othersNames),
    ...inFile.filter(({ meant }) => meant !== null),
  ]
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(describe).join('\n'))
  for (const { name } of inFile.filter(({ meant }) => meant === null)) {
    console.warn(`${name} in the file .env is no setting of Lookalike, and is passed over.`)
  }
  for (const [name, value] of Object.entries(file)) {
    if (!environment[name]?.trim()) environment[name] = value
  }
  return environment
}

function describe({ name, meant }: UnknownSetting): string {
  return (
    `${name} is no setting: did you mean ${meant}? Rename it; ` +
    `if it is another program's, take it away or set ${meant} too.`
  )
}
