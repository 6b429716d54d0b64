import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Hundreds of processes and threads load the same sources: they share what Node made of them.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

export default defineConfig({
  test: {
    include: [
      '{contract,embedded-metadata,server,sdk,mcp,cli,lookalike,web,samples,pack,evals}/**/*.test.ts',
    ],
    // Most tests wait for servers, processes and clocks more than they compute.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By default a second, which a busy machine may need for anything.
    expect: { poll: { timeout: 10_000 } },
  },
})
