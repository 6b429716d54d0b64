import { restartWithHeapFlags } from './heap-flags.ts'

restartWithHeapFlags()
const { run } = await import('./run.ts')
const { readEnvironment } = await import('./starting/environment.ts')
await run(() => readEnvironment(process.env))
