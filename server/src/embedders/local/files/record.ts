import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LookalikeError } from '../../../errors.ts'
import { sizeOf } from './download.ts'

const recordName = 'lookalike.json'

const record = z.object({
  /** A commit, or of files that were copied here what they are called by. */
  revision: z.string(),
  /** By path. */
  sha256: z.record(z.string(), z.string()),
})
/** What lies in a model's folder, as it was when it first arrived. */
export type ModelRecord = z.output<typeof record>

/** Undefined for a folder that has none: files somebody copied. */
export async function readRecord(folder: string): Promise<ModelRecord | undefined> {
  const text = await readFile(join(folder, recordName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return record.parse(JSON.parse(text))
  } catch (error) {
    throw new LookalikeError(
      'provider_rejected',
      `${recordName} in the folder of a local model cannot be read. Delete that file: the model is taken as it lies there.`,
      { cause: error },
    )
  }
}

export async function writeRecord(folder: string, written: ModelRecord): Promise<void> {
  const path = join(folder, recordName)
  await writeFile(`${path}.part`, `${JSON.stringify(written, null, 2)}\n`)
  await rename(`${path}.part`, path)
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * Reads every byte: before a model is loaded, and not at each start.
 *
 * @throws LookalikeError `provider_rejected` for a file that is not what it was when it first arrived
 */
export async function assertUnchanged(
  model: string,
  folder: string,
  files: readonly string[],
  { sha256 }: ModelRecord,
): Promise<void> {
  for (const file of files) {
    const path = join(folder, file)
    if ((await sizeOf(path)) > 0 && (await sha256Of(path)) === sha256[file]) continue
    throw new LookalikeError(
      'provider_rejected',
      `${file} of the local model ${model} is not what it was when it first arrived: it is damaged or was exchanged. Delete it and ` +
        'start again to have it fetched; a folder that was copied is taken anew once its lookalike.json is deleted.',
    )
  }
}
