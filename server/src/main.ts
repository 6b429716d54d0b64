import { existsSync } from 'node:fs'
import { restartWithHeapFlags } from './heap-flags.ts'

restartWithHeapFlags()
const { run } = await import('./run.ts')
if (existsSync('.env')) process.loadEnvFile('.env')
await run(process.env)
