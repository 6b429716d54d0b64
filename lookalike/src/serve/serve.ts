import { readEnvironment } from '../../../server/src/starting/environment.ts'
import { run } from '../../../server/src/run.ts'
import { folders } from './folders.ts'

/** @param given settings, stronger than those of the environment and of `.env` */
export async function serve(given: Readonly<Record<string, string>>): Promise<void> {
  Object.assign(process.env, given)
  await run(() => {
    const env = readEnvironment(process.env)
    return { ...env, DATA_DIR: env['DATA_DIR']?.trim() || folders().library }
  })
}
