import { createHash } from 'node:crypto'
import { open, rename, type FileHandle } from 'node:fs/promises'
import type { ExportCheckpoint, ExportedRecord, Filter } from '@lookalike/sdk'
import { usageError } from '../failure.ts'

/**
 * An export that is being written. It grows beside its place, in a `.part` file, and gets its name
 * when it is complete, so that a file of that name is never half an export.
 */
export interface ExportFile {
  /** Where to go on: undefined at the beginning, null when complete. */
  readonly cursor: string | null | undefined
  /** Records up to the last checkpoint. */
  readonly records: number
  write(line: ExportedRecord | ExportCheckpoint): Promise<void>
  /** Forgets what came after the last checkpoint. */
  rewind(): Promise<void>
  close(): Promise<void>
  /** Gives the closed file its name. */
  complete(): Promise<void>
}

/**
 * Opens the file, and finds the last checkpoint when an earlier export left one.
 *
 * @throws CommandError when the file cannot be written
 */
export async function openExportFile(
  path: string,
  filter: Filter | undefined,
): Promise<ExportFile> {
  // An export with another filter must not be taken up as this one.
  const part = `${path}${filter ? `.${shortHash(filter)}` : ''}.part`
  const handle = await open(part, 'a+').catch((error: Error) => {
    throw usageError(`The export cannot be written: ${error.message}.`, { cause: error })
  })
  return new PartFile(path, part, handle, await findCheckpoint(handle))
}

interface Checkpoint {
  /** Bytes up to the end of the checkpoint's line. */
  bytes: number
  records: number
  cursor: string | null | undefined
}

class PartFile implements ExportFile {
  readonly #path: string
  readonly #part: string
  readonly #handle: FileHandle
  #checkpoint: Checkpoint
  #pending: string[] = []

  constructor(path: string, part: string, handle: FileHandle, checkpoint: Checkpoint) {
    this.#path = path
    this.#part = part
    this.#handle = handle
    this.#checkpoint = checkpoint
  }

  get cursor() {
    return this.#checkpoint.cursor
  }

  get records() {
    return this.#checkpoint.records
  }

  /** Lines wait for their checkpoint, at most a page of them, and are written with it. */
  async write(line: ExportedRecord | ExportCheckpoint): Promise<void> {
    this.#pending.push(`${JSON.stringify(line)}\n`)
    if (!('checkpoint' in line)) return
    const bytes = Buffer.from(this.#pending.join(''))
    await this.#handle.appendFile(bytes)
    this.#checkpoint = {
      bytes: this.#checkpoint.bytes + bytes.length,
      records: this.#checkpoint.records + this.#pending.length - 1,
      cursor: line.checkpoint.cursor,
    }
    this.#pending = []
  }

  async rewind(): Promise<void> {
    this.#pending = []
    await this.#handle.truncate(this.#checkpoint.bytes)
  }

  async close(): Promise<void> {
    await this.#handle.sync()
    await this.#handle.close()
  }

  async complete(): Promise<void> {
    await rename(this.#part, this.#path)
  }
}

/** Reads through what is there; a last line that was cut short is passed over. */
async function findCheckpoint(handle: FileHandle): Promise<Checkpoint> {
  let found: Checkpoint = { bytes: 0, records: 0, cursor: undefined }
  let bytes = 0
  let records = 0
  for await (const line of handle.readLines({ start: 0, autoClose: false })) {
    bytes += Buffer.byteLength(line) + 1
    if (!line.startsWith('{"checkpoint":')) records++
    else if (line.endsWith('}}')) {
      const { checkpoint } = JSON.parse(line) as ExportCheckpoint
      found = { bytes, records, cursor: checkpoint.cursor }
    }
  }
  return found
}

function shortHash(filter: Filter): string {
  return createHash('sha256').update(JSON.stringify(filter)).digest('hex').slice(0, 8)
}
