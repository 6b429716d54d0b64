import { mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { LookalikeError } from '../../../errors.ts'
import type { Repository } from '../known-models.ts'
import type { LocalOptions } from '../options.ts'
import { download, sizeOf } from './download.ts'
import { Hub, type HubFile } from './hub.ts'
import { type ModelRecord, readRecord, writeRecord } from './record.ts'

export type Where = Pick<LocalOptions, 'dataDir' | 'hub' | 'precision' | 'say'>

/** Left over on the disk, beside the model. */
const marginBytes = 100e6

/** Files that are missing from one model's folder, and where they come from. */
export class Fetching {
  readonly isAllowed: boolean
  record: ModelRecord | undefined
  readonly #folder: string
  readonly #source: Repository
  readonly #where: Where
  readonly #hub: Hub
  #listed: HubFile[] | undefined

  constructor(folder: string, source: Repository, where: Where) {
    this.isAllowed = !where.hub.offline
    this.#folder = folder
    this.#source = source
    this.#where = where
    this.#hub = new Hub(where.hub)
  }

  async fetch(paths: string[]): Promise<void> {
    const { repository } = this.#source
    const record = (this.record ??= await this.#pin())
    const listed = (this.#listed ??= await this.#hub.files(repository, record.revision))
    const wanted = listed.filter(({ path }) =>
      paths.some((each) => each === path || path.startsWith(`${each}_data`)),
    )
    const lacking = paths.filter((each) => wanted.every(({ path }) => path !== each))
    if (lacking.length > 0) throw this.#lacks(lacking, listed)
    await this.#assertRoom(wanted)
    const onBytes = this.#progress(wanted)
    for (const file of wanted) {
      const { revision } = record
      const job = { hub: this.#hub, repository, revision, file, folder: this.#folder, onBytes }
      record.sha256[file.path] = await download(job)
      // What is here is known, should the process be killed now.
      await writeRecord(this.#folder, record)
    }
  }

  /** The revision that is here, or the one that a branch is now: from then on, that one. */
  async #pin(): Promise<ModelRecord> {
    mkdirSync(this.#folder, { recursive: true })
    const known = await readRecord(this.#folder)
    if (known) return known
    const { repository, revision } = this.#source
    const pinned = { revision: await this.#hub.commitOf(repository, revision), sha256: {} }
    // Before the first byte: what has arrived of a file belongs to that commit.
    await writeRecord(this.#folder, pinned)
    return pinned
  }

  async #assertRoom(files: readonly HubFile[]): Promise<void> {
    const needed = files.reduce((sum, { bytes }) => sum + bytes, 0)
    const arrived = await Promise.all(
      files.map(({ path }) => sizeOf(join(this.#folder, `${path}.part`))),
    )
    const missing = needed - arrived.reduce((a, b) => a + b, 0)
    const { bavail, bsize } = await statfs(this.#folder)
    const short = missing + marginBytes - bavail * bsize
    if (short <= 0) return
    throw new LookalikeError(
      'storage_full',
      `The model ${this.#source.repository} takes ${megabytes(missing)} MB more, and the disk that holds DATA_DIR lacks ` +
        `${megabytes(short)} MB for it. Free some space, or choose a smaller LOCAL_MODEL or LOCAL_PRECISION.`,
    )
  }

  #lacks(paths: string[], listed: readonly HubFile[]): LookalikeError {
    const networks = listed.map(({ path }) => path).filter((path) => path.endsWith('.onnx'))
    return new LookalikeError(
      'provider_rejected',
      `The model ${this.#source.repository} has no ${paths.join(', no ')}, which ${this.#where.precision} needs. ` +
        (networks.length > 0
          ? `It has ${networks.slice(0, 12).join(', ')}: another LOCAL_PRECISION may do.`
          : 'It has no ONNX file at all: name a repository that has, such as those of onnx-community.'),
    )
  }

  #progress(files: readonly HubFile[]): (bytes: number) => void {
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    const { say } = this.#where
    let done = 0
    let said = -1
    return (bytes) => {
      done += bytes
      const tenth = Math.floor((done / Math.max(1, total)) * 10)
      if (tenth === said || total < 1e6) return
      said = tenth
      say(`Fetching ${this.#source.repository}: ${megabytes(done)} of ${megabytes(total)} MB`)
    }
  }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6)
}
