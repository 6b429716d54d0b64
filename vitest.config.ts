import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// Hundreds of processes and threads load the same sources: they share what Node made of them.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

const all =
  '{contract,embedded-metadata,server,sdk,mcp,cli,lookalike,web,samples,pack,evals}/**/*.test.ts'
/** Asked over HTTP, in this process: a worker that has loaded the server goes on with the next file. */
const overHttp =
  '{contract,sdk,server/test/{access,embedding-server,http,openai,records,standing,words}}/**/*.test.ts'

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
          name: 'apart',
          include: [all],
          exclude: [overHttp, '**/node_modules/**'],
        },
      },
      { test: { ...common, name: 'over http', include: [overHttp], isolate: false } },
    ],
  },
})
