import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// Hundreds of processes and threads load the same sources: they share what Node made of them.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

const all =
  '{contract,embedded-metadata,server,sdk,mcp,cli,lookalike,web,samples,pack,evals}/**/*.test.ts'
/**
 * A worker that has loaded the server goes on with the next file, which saves half a second of processor time: what these
 * change of their process, they put back.
 */
const together =
  '{contract,cli,embedded-metadata,evals,lookalike,mcp,sdk,web,server/test/{access,duplicates,embedders,embedding-server,files,graph,http,images,openai,qdrant,records,reindex,requests,sparql-text,sqlite,standing,stores,words}}/**/*.test.ts'
/** But these measure its memory, or load modules anew. */
const own = 'server/test/{graph/{churn,overload},sqlite/{durable-files,write-ahead-log}}.test.ts'

const installed = '**/node_modules/**'

const common: TestProjectInlineConfiguration['test'] = {
  globalSetup: 'web/test/support/built-page.ts',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // By default a second, which a busy machine may need for anything.
  expect: { poll: { timeout: 10_000 } },
}

export default defineConfig({
  test: {
    // Most tests wait for servers, processes and clocks more than they compute.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...common,
          name: 'together',
          include: [together],
          exclude: [own, installed],
          isolate: false,
        },
      },
      { test: { ...common, name: 'own', include: [own] } },
      {
        test: { ...common, name: 'apart', include: [all], exclude: [together, installed] },
      },
    ],
  },
})
