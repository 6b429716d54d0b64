import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder where `npm run test:local` has installed the library that runs models. */
const runtime = process.env['LOCAL_RUNTIME']
export const haveRuntime = runtime !== undefined

/** A DATA_DIR in which that library is found. */
export async function folderWithRuntime(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-local-'))
  await mkdir(join(folder, 'models'))
  if (runtime) await symlink(runtime, join(folder, 'models', 'runtime'))
  return folder
}
