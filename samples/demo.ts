import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { restartWithHeapFlags } from '../server/src/heap-flags.ts'

restartWithHeapFlags()
// Built while the server is loaded and the samples are indexed, in a process that takes the bundler's memory with it.
const builder = join(import.meta.dirname, '../web/build.ts')
const pageBuilt = once(spawn(process.execPath, [builder], { stdio: 'inherit' }), 'close')
const { run } = await import('../server/src/run.ts')
const { addSamples, demoSettings } = await import('./add-samples.ts')

await run(
  () => ({ ...demoSettings, ...process.env }),
  async ({ deps }) => {
    await addSamples(deps)
    const [code] = await pageBuilt
    if (code === 0) return
    console.error('The page could not be built: mend what is named above, then start again.')
    process.exit(1)
  },
)
