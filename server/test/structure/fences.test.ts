import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** File that imports -> what it must not import. */
const forbidden: Record<string, string[]> = {
  'contract/src/probe.ts': [
    '@lookalike/sdk',
    '@lookalike/server',
    '@lookalike/web',
    'lookalike',
    'fastify',
    'node:fs',
    'react',
    '../../server/src/errors.ts',
    '../../sdk/src/client.ts',
    '../../cli/src/session.ts',
    '../../web/src/main.tsx',
  ],
  'contract/src/values/probe.ts': ['node:fs', 'type-fest', '../../../server/src/errors.ts'],
  'embedded-metadata/src/probe.ts': [
    '@lookalike/sdk',
    '@lookalike/contract',
    '@lookalike/server',
    'lookalike',
    'fastify',
    'node:child_process',
    '../../server/src/errors.ts',
    '../../cli/src/session.ts',
  ],
  'mcp/src/probe.ts': [
    '@lookalike/contract',
    '@lookalike/server',
    'lookalike',
    'node:fs',
    '../../server/src/errors.ts',
    '../../sdk/src/client.ts',
    '../../cli/src/session.ts',
  ],
  'mcp/src/tools/probe.ts': ['@lookalike/contract', 'node:fs/promises'],
  'server/src/app.ts': ['@lookalike/sdk', 'sharp', '@lookalike/embedded-metadata'],
  'server/src/http/probe.ts': [
    '@lookalike/sdk',
    '@lookalike/mcp',
    'sharp',
    '@lookalike/embedded-metadata',
    '../config.ts',
    '../compose.ts',
    '../stores/registry.ts',
    '../stores/embedded/store.ts',
    '../embedders/openai/index.ts',
    '../sqlite/open.ts',
  ],
  'server/src/http/routes/images/probe.ts': [
    '../../../files/disk/index.ts',
    '../../../graph/embedded/index.ts',
    '../../../app.ts',
  ],
  'server/src/library/probe.ts': [
    '@lookalike/sdk',
    '@lookalike/contract',
    '@lookalike/embedded-metadata',
    'fastify',
    'sharp',
    '../http/answers/present.ts',
    '../config.ts',
    '../stores/registry.ts',
    '../stores/settings.ts',
    '../stores/qdrant/index.ts',
    '../embedders/registry.ts',
    '../graph/sparql/index.ts',
  ],
  'server/src/library/reindex/probe.ts': [
    '@lookalike/sdk',
    '../../http/answers/present.ts',
    '../../stores/embedded/index.ts',
    '../../files/disk/index.ts',
    '../../config.ts',
  ],
  'server/src/keys/probe.ts': [
    '../config.ts',
    '../http/services.ts',
    '../state/state.ts',
    'fastify',
  ],
  'server/src/library/background/probe.ts': [
    '../searching/search.ts',
    '../../records/record.ts',
    '../../errors.ts',
    'fastify',
    '@lookalike/sdk',
  ],
  'server/src/records/probe.ts': [
    '../stores/image-store.ts',
    '../library/searching/search.ts',
    'fastify',
  ],
  'server/src/names/probe.ts': [
    '../embedders/embedder.ts',
    '../state/state.ts',
    '../errors.ts',
    'sharp',
  ],
  'server/src/words/probe.ts': [
    '../records/record.ts',
    '../errors.ts',
    'fastify',
    '@lookalike/sdk',
  ],
  'server/src/sqlite/probe.ts': [
    '../state/state.ts',
    '../records/record.ts',
    '../retry.ts',
    '@lookalike/sdk',
  ],
  'server/src/admission/probe.ts': ['fastify', '../http/bodies/uploads.ts', '@lookalike/contract'],
  'server/src/health/probe.ts': [
    '@lookalike/sdk',
    '../http/answers/present.ts',
    '../stores/embedded/store.ts',
    '../config.ts',
    'fastify',
  ],
  'server/src/backup/source/probe.ts': [
    '@lookalike/sdk',
    '../../http/services.ts',
    '../../doctor/doctor.ts',
    'fastify',
  ],
  'server/src/doctor/probe.ts': [
    '@lookalike/sdk',
    '../http/services.ts',
    '../compose.ts',
    'fastify',
  ],
  'server/src/doctor/checks/files/probe.ts': [
    '../../../http/answers/present.ts',
    '../../../app.ts',
    'sharp',
  ],
  'server/src/downloads/probe.ts': [
    '../http/bodies/uploads.ts',
    '../images/image.ts',
    '@lookalike/sdk',
  ],
  'server/src/webhooks/probe.ts': [
    '../http/bodies/uploads.ts',
    '../library/searching/search.ts',
    '@lookalike/sdk',
  ],
  'server/src/images/probe.ts': [
    '@lookalike/sdk',
    'fastify',
    '@fastify/multipart',
    '../graph/terms.ts',
    '../records/record.ts',
    '../http/bodies/uploads.ts',
  ],
  'server/src/images/decoders/probe.ts': ['@lookalike/sdk', 'fastify', '../../records/record.ts'],
  'server/src/state/probe.ts': [
    '@lookalike/sdk',
    '../library/searching/search.ts',
    '../stores/embedded/truth/truth.ts',
    '../config.ts',
    '../images/decode.ts',
  ],
  'server/src/stores/probe.ts': [
    '@lookalike/sdk',
    '../library/searching/search.ts',
    '../embedders/openai/index.ts',
    '../config.ts',
    './embedded/store.ts',
  ],
  'server/src/stores/settings.ts': ['./embedded/store.ts'],
  'server/src/stores/registry.ts': ['../config.ts', '../library/searching/search.ts'],
  'server/src/stores/embedded/truth/probe.ts': [
    '../../qdrant/index.ts',
    '../../registry.ts',
    '../../../library/searching/search.ts',
    '../../../config.ts',
    'fastify',
  ],
  'server/src/stores/qdrant/probe.ts': [
    '../embedded/store.ts',
    '../registry.ts',
    '../../embedders/openai/index.ts',
    '../../config.ts',
    'fastify',
    'sharp',
  ],
  'server/src/files/probe.ts': ['@lookalike/sdk', '../stores/image-store.ts', './s3/bucket.ts'],
  'server/src/files/s3/probe.ts': ['../disk/index.ts', '../../graph/embedded/index.ts'],
  'server/src/embedders/probe.ts': [
    '@lookalike/sdk',
    '../library/searching/search.ts',
    './openai/index.ts',
  ],
  'server/src/providers/probe.ts': [
    '../embedders/openai/index.ts',
    '../embedders/registry.ts',
    '../stores/image-store.ts',
    '../config.ts',
    'fastify',
  ],
  'server/src/embedders/visual/probe.ts': [
    '../openai/index.ts',
    '../../stores/embedded/store.ts',
    '../../stores/registry.ts',
    'sharp',
  ],
  'server/src/graph/probe.ts': [
    '@lookalike/sdk',
    '../library/graph/follower.ts',
    './sparql/endpoint.ts',
  ],
  'server/src/graph/embedded/probe.ts': ['../sparql/endpoint.ts', '../../stores/embedded/store.ts'],
  'server/src/sparql-text/probe.ts': ['../graph/terms.ts', 'fastify', '@lookalike/sdk'],
  'sdk/src/probe.ts': [
    'node:fs',
    'lookalike',
    '@lookalike/server',
    '@lookalike/embedded-metadata',
    '../../server/src/errors.ts',
  ],
  'lookalike/src/probe.ts': [
    '@lookalike/sdk',
    '@lookalike/mcp',
    '@lookalike/contract',
    '../../cli/src/session.ts',
    '../../web/build.ts',
  ],
  'cli/src/probe.ts': [
    '@lookalike/server',
    '@lookalike/contract',
    'lookalike',
    '../../lookalike/src/program.ts',
    '../../sdk/src/client.ts',
    '../../embedded-metadata/src/index.ts',
  ],
  'cli/src/import/probe.ts': ['../../../server/src/errors.ts'],
  'web/src/probe.ts': [
    '@lookalike/server',
    '@lookalike/contract',
    '@lookalike/embedded-metadata',
    'node:fs',
    '../../sdk/src/client.ts',
  ],
  'sdk/src/calls/probe.ts': ['node:fs', '../../../server/src/errors.ts'],
  'web/src/features/search/probe.ts': ['../../../../server/src/errors.ts'],
}

/** What the rooms stand on, so that a fence which refuses everything is noticed. */
const allowed: Record<string, string[]> = {
  'embedded-metadata/src/probe.ts': ['exifreader', '@xmldom/xmldom', './read-tags.ts'],
  'server/src/images/embedded-metadata/probe.ts': [
    '@lookalike/embedded-metadata',
    '../settings.ts',
  ],
  'contract/src/probe.ts': ['zod', './images/record.ts', './values/json.ts'],
  'contract/src/values/probe.ts': ['zod', '../images/record.ts', './json.ts'],
  'server/src/http/routes/images/probe.ts': [
    '../../../library/searching/search.ts',
    '../../uploads.ts',
    'fastify',
  ],
  'server/src/library/reindex/probe.ts': ['../searching/search.ts', '../../stores/image-store.ts'],
  'server/src/library/copies/probe.ts': ['../background/background-work.ts'],
  'server/src/library/background/probe.ts': ['./writes-under-way.ts'],
  'sdk/src/calls/probe.ts': ['../http.ts', '../contract.ts'],
  'server/src/doctor/checks/probe.ts': [
    '../patient.ts',
    '../../stores/embedded/store.ts',
    '../../graph/registry.ts',
    '../../config.ts',
  ],
  'server/src/keys/probe.ts': ['../errors.ts', '../setting-types.ts', '../sqlite/durable-files.ts'],
  'server/src/records/probe.ts': ['../errors.ts', '../words/stem.ts'],
  'server/src/stores/settings.ts': ['./embedded/settings.ts', '../setting-types.ts'],
  'server/src/stores/registry.ts': ['./embedded/index.ts', './qdrant/settings.ts'],
  'server/src/stores/embedded/probe.ts': [
    '../image-store.ts',
    '../../sqlite/open.ts',
    './settings.ts',
  ],
  'server/src/stores/embedded/truth/probe.ts': [
    '../../image-store.ts',
    '../../../sqlite/open.ts',
    '../filter/facts.ts',
  ],
  'server/src/embedders/openai/probe.ts': [
    '../embedder.ts',
    '../../providers/provider.ts',
    '../../state/state.ts',
  ],
  'server/src/providers/probe.ts': ['../errors.ts', '../embedders/embedder.ts', 'openai'],
  'cli/src/commands/probe.ts': [
    '../session.ts',
    '@lookalike/sdk',
    '@lookalike/embedded-metadata',
    'node:fs',
  ],
  'lookalike/src/probe.ts': [
    '@lookalike/cli',
    '../../server/src/run.ts',
    '../../samples/add-samples.ts',
  ],
  'mcp/src/probe.ts': ['@lookalike/sdk', '@modelcontextprotocol/server', 'node:events', 'zod'],
  'mcp/src/tools/probe.ts': ['@lookalike/sdk', '../options.ts'],
  'web/src/probe.ts': ['@lookalike/sdk'],
}

/** Of which a room takes types, and nothing that runs. */
const typesAlone: Record<string, string[]> = { 'sdk/src/types-probe.ts': ['@lookalike/contract'] }

/** Each way of importing; a fence must see them all. */
const forms = {
  types: (specifier: string, n: number) => `export type { A as A${n} } from '${specifier}'`,
  values: (specifier: string, n: number) =>
    `import { a as a${n} } from '${specifier}'\nexport const b${n} = a${n}`,
  dynamic: (specifier: string, n: number) => `export const c${n} = import('${specifier}')`,
}
const formNames = Object.keys(forms) as (keyof typeof forms)[]

let folder: string
/** File in the scratch copy -> what the linter refused there to be imported. */
let refused: Map<string, Set<string>>
let cycles: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-fences-'))
  const configs = globSync(
    '{.oxlintrc.json,{contract,embedded-metadata,server,sdk,mcp,cli,lookalike,web}/**/.oxlintrc.json}',
    {
      cwd: root,
      exclude: (name) => name.includes('node_modules'),
    },
  )
  const tables = [forbidden, allowed, typesAlone]
  const files = new Set(tables.flatMap(Object.keys))
  for (const form of formNames) {
    for (const config of configs) await cp(join(root, config), join(folder, form, config))
    for (const file of files) {
      const specifiers = tables.flatMap((table) => table[file] ?? [])
      await write(join(form, file), specifiers.map(forms[form]).join('\n'))
    }
  }
  const room = 'types/server/src/records'
  await write(`${room}/one.ts`, `import type { B } from './two.ts'\nexport type A = B | 1`)
  await write(`${room}/two.ts`, `import type { A } from './one.ts'\nexport type B = A | 2`)
  const diagnostics = await lint()
  refused = new Map()
  for (const { filename, code, message } of diagnostics) {
    const [, specifier] = /^'(.+)' import is restricted/.exec(message) ?? []
    if (code !== 'eslint(no-restricted-imports)' || specifier === undefined) continue
    refused.set(filename, (refused.get(filename) ?? new Set()).add(specifier))
  }
  cycles = diagnostics
    .filter(({ code }) => code === 'import(no-cycle)')
    .map(({ filename }) => filename)
})
afterAll(() => rm(folder, { recursive: true }))

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), `${text}\n`)
}

interface Diagnostic {
  readonly code: string
  readonly filename: string
  readonly message: string
}

async function lint(): Promise<Diagnostic[]> {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const run = promisify(execFile)(process.execPath, [oxlint, '--format', 'json'], {
    cwd: folder,
    maxBuffer: 1e8,
  })
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics
}

const pairs = (table: Record<string, string[]>) =>
  Object.entries(table).flatMap(([file, specifiers]) =>
    specifiers.map((specifier) => [file, specifier] as const),
  )

describe('what a room must not import is refused, in every form', () => {
  test.each(pairs(forbidden))('%s -> %s', (file, specifier) => {
    for (const form of formNames) {
      expect(refused.get(join(form, file)), form).toContain(specifier)
    }
  })
})

test.each(pairs(allowed))('what a room stands on is let in: %s -> %s', (file, specifier) => {
  for (const form of formNames) {
    expect(refused.get(join(form, file)) ?? new Set(), form).not.toContain(specifier)
  }
})

test.each(pairs(typesAlone))('only types are let in: %s -> %s', (file, specifier) => {
  for (const form of formNames) {
    const isRefused = refused.get(join(form, file))?.has(specifier) ?? false
    expect(isRefused, form).toBe(form !== 'types')
  }
})

test('a cycle is refused though only types go round', () => {
  expect(cycles).toContain('types/server/src/records/one.ts')
})
