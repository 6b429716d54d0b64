import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { isRange } from './downloads/public-addresses.ts'
import { embedderConflict, embedderName, embedderSettings } from './embedders/settings.ts'
import type { EmbedderSettings } from './embedders/settings.ts'
import { fileSettings, fileStoreConflict, fileStoreName } from './files/settings.ts'
import type { FileSettings } from './files/settings.ts'
import { graphSettings } from './graph/settings.ts'
import { decodeSettings, imageSettings } from './images/settings.ts'
import { Keys } from './keys/keys.ts'
import { ConfigError, count, list, url } from './setting-types.ts'
import { isLoopback } from './starting/address.ts'
import { storeConflict, storeName, storeSettings } from './stores/settings.ts'
import type { StoreSettings } from './stores/settings.ts'

const privateRanges = list
  .transform((entries) =>
    entries.flatMap((entry) => {
      if (entry === 'true') return ['0.0.0.0/0', '::/0']
      return entry === 'false' ? [] : [entry]
    }),
  )
  .refine((ranges) => ranges.every(isRange), 'must be true, false, or ranges such as 10.0.0.0/8')

const proxies = list
  .refine(
    (entries) =>
      entries.every(
        (entry) =>
          /^(true|false|loopback|linklocal|uniquelocal)$/.test(entry) ||
          isIP(entry) !== 0 ||
          isRange(entry),
      ),
    'must be true, false, or addresses and ranges such as 127.0.0.1, 10.0.0.0/8 or loopback',
  )
  .transform((entries) => {
    const named = entries.filter((entry) => entry !== 'false')
    return named.includes('true') || (named.length > 0 && named)
  })

const serverSettings = {
  HOST: z
    .string()
    .trim()
    // As it stands in an address of the web.
    .transform((host) => /^\[(.+)\]$/.exec(host)?.[1] ?? host)
    .default('127.0.0.1')
    .describe('Address to listen on'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(8000)
    .describe('Port to listen on; 0 picks a free one'),
  PUBLIC_URL: url
    .optional()
    .describe('Where people reach this server; prefixes links and minted image URIs'),
  DATA_DIR: z
    .string()
    .refine((path) => !path.startsWith('~'), {
      error: ({ input }) =>
        `only a shell makes ~ a home folder, and none did: write the whole path instead of ${input}`,
    })
    .default('./data')
    .describe('Folder for everything Lookalike keeps'),
  STOP_GRACE_S: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      'After SIGTERM, seconds in which requests are still taken while /readyz says no: as long as a load balancer needs to notice',
    ),
  STOP_TIMEOUT_S: count
    .default(30)
    .describe('Longest that answers under way are waited for when the server stops, in seconds'),
}

const accessSettings = {
  API_KEYS: list
    .default([])
    .describe(
      'Comma-separated keys with the scope admin; with these or those of `lookalike keys`, every /api call needs one',
    ),
  MCP: z
    .enum(['read', 'write', 'off'])
    .default('read')
    .describe('What the tools at /mcp may do, besides what the key that is sent opens'),
  AUDIT_LOG: z
    .enum(['file', 'stdout', 'none'])
    .default('file')
    .describe('Where a line is kept of each change: DATA_DIR/audit.jsonl (file), stdout, or none'),
  AUDIT_LOG_MB: z.coerce
    .number()
    .positive()
    .default(20)
    .describe('Most that the audit log in DATA_DIR takes, in megabytes; oldest lines go first'),
  ALLOW_ANONYMOUS: z
    .stringbool()
    .default(false)
    .describe('true: listen on a public address without keys'),
  CORS_ORIGINS: list
    .default([])
    .describe('Comma-separated origins whose pages may call the API, or *'),
  ALLOWED_HOSTS: list
    .default([])
    .describe(
      'More names that a server without keys is reached by, comma-separated, without ports',
    ),
  TRUST_PROXY: proxies
    .default(false)
    .describe(
      'Proxies in front whose X-Forwarded-* headers are believed: addresses, ranges, loopback, uniquelocal; true: any',
    ),
  MAX_UPLOAD_MB: z.coerce
    .number()
    .positive()
    .default(20)
    .describe('Largest accepted file, in megabytes (10^6 bytes)'),
  MAX_MEGAPIXELS: z.coerce
    .number()
    .positive()
    .default(50)
    .describe('Largest accepted picture, in millions of pixels'),
  ...decodeSettings,
  REQUEST_TIMEOUT_S: count
    .default(120)
    .describe('Longest that a request may take to arrive whole, in seconds'),
  IDLE_TIMEOUT_S: count
    .default(30)
    .describe('Longest that a sender or a reader may stand still in the middle, in seconds'),
  RATE_LIMIT_PER_MINUTE: count
    .optional()
    .describe('Pictures that one caller may search or index in a minute; no limit when empty'),
  ALLOW_PRIVATE_URLS: privateRanges
    .default([])
    .describe(
      'Ranges such as 10.0.0.0/8 that image_url and webhooks may lead to though not public; true: any',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('warn')
    .describe('Least severe line to log'),
  ACCESS_LOG: z
    .stringbool()
    .default(false)
    .describe('true: log a line of JSON for every request that was answered'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url
    .optional()
    .describe(
      'Where traces are sent, by OTLP over HTTP, such as http://localhost:4318; needs packages that the start names',
    ),
}

/** Every setting there is, by what it is about. */
export const settingGroups = {
  Server: serverSettings,
  Records: storeSettings,
  'Originals and thumbnails': fileSettings,
  'What pictures say of themselves': imageSettings,
  Models: embedderSettings,
  'The knowledge graph': graphSettings,
  'Access and limits': accessSettings,
}

export const settings = z.object({
  ...serverSettings,
  ...storeSettings,
  ...fileSettings,
  ...imageSettings,
  ...embedderSettings,
  ...graphSettings,
  ...accessSettings,
})

export const settingNames = Object.keys(settings.shape)

type Settings = z.infer<typeof settings>

/** The settings, with the drivers that they choose. */
export type Config = Settings & StoreSettings & FileSettings & EmbedderSettings

export { ConfigError }

/**
 * Reads settings from the environment (`process.env` or a test's own object).
 *
 * @throws ConfigError with one line per mistake
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    settingNames.flatMap((name) => {
      // Programs agree on these in either case, and on nothing else.
      const spellings = name.endsWith('_PROXY') ? [name.toLowerCase(), name] : [name]
      const value = spellings.map((each) => env[each]).find((text) => text?.trim())
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`These settings cannot be used:\n  ${lines.join('\n  ')}`)
  }
  const config: Config = {
    ...parsed.data,
    DATA_DIR: resolve(parsed.data.DATA_DIR),
    STORE: storeName(parsed.data),
    FILES: fileStoreName(parsed.data),
    EMBEDDER: embedderName(parsed.data),
  }
  const conflicts = [embedderConflict, storeConflict, fileStoreConflict, accessConflict]
    .map((conflictOf) => conflictOf(config))
    .filter((conflict) => conflict !== null)
  if (conflicts.length > 0) throw new ConfigError(conflicts.join('\n'))
  return config
}

function accessConflict(config: Config): string | null {
  if (isLoopback(config.HOST) || config.API_KEYS.length > 0 || config.ALLOW_ANONYMOUS) return null
  if (new Keys(config.DATA_DIR, []).areAsked) return null
  return (
    `HOST=${config.HOST} can be reached from other machines, and no API_KEYS are set: anyone could read, ` +
    'add and delete pictures. Set API_KEYS=<a long random string>, or ALLOW_ANONYMOUS=true if that is meant.'
  )
}
