import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

export const root = join(import.meta.dirname, '../../..')

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const service = z.strictObject({
  image: z.string(),
  build: z.literal('.').optional(),
  command: z.string().optional(),
  restart: z.literal('unless-stopped'),
  environment: z.record(z.string(), text).default({}),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).default([]),
  volumes: z.array(z.string().regex(/^[\w-]+:\/[\w/-]+$/)).default([]),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).default([]),
  depends_on: z
    .union([
      z.array(z.string()),
      z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })),
    ])
    .default([]),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD')]).rest(z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
      start_period: z.string(),
    })
    .optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.literal('ALL')).optional(),
  security_opt: z.array(z.literal('no-new-privileges:true')).optional(),
  stop_grace_period: z.string().optional(),
})

/** The part of the Compose specification that the files here use; a key it does not know is a mistake. */
const composeFile = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), service),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })).default({}),
  volumes: z.record(z.string(), z.null()).default({}),
})

export type ComposeFile = z.output<typeof composeFile>

/** A compose file with its variables filled in from `env`; throws for a required one that is not there. */
export function readCompose(file: string, env: Record<string, string>): ComposeFile {
  const raw = parse(readFileSync(join(root, file), 'utf8'), { merge: true }) as object
  // Top-level keys that begin with x- hold what services share.
  const entries = Object.entries(raw).filter(([key]) => !key.startsWith('x-'))
  const filled = JSON.stringify(Object.fromEntries(entries)).replace(
    /\$\{([A-Z0-9_]+)(?::([?-])([^}]*))?\}/g,
    (_, name: string, operator: string | undefined, rest: string) => {
      if (env[name]) return env[name]
      if (operator === '?') throw new Error(`${name}: ${rest}`)
      return operator === '-' ? rest : ''
    },
  )
  return composeFile.parse(JSON.parse(filled))
}
