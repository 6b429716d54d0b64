import { addSamples, demoSettings } from '../../../samples/add-samples.ts'
import { run } from '../../../server/src/run.ts'
import { folders } from './folders.ts'

/** @param given settings, stronger than those of the environment; `.env` is for libraries of one's own */
export async function demo(given: Readonly<Record<string, string>>): Promise<void> {
  Object.assign(process.env, given)
  await run(
    () => ({ ...demoSettings, DATA_DIR: folders().demo, ...process.env }),
    ({ deps }) => addSamples(deps),
  )
}
