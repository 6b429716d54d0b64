import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDiskFull, LookalikeError, storageFull } from '../../../errors.ts'
import { type Hub, type HubFile, stallMs } from './hub.ts'

export interface Download {
  readonly hub: Hub
  readonly repository: string
  readonly revision: string
  readonly file: HubFile
  /** Into which it goes, by its path. */
  readonly folder: string
  /** Called with the bytes that came, and with a negative number when some were thrown away. */
  readonly onBytes: (bytes: number) => void
}

/** How often a connection may break off before somebody has to start it again. */
const maxAttempts = 4

/**
 * Fetches one file. What has arrived stays when the connection breaks off or the process is killed, and is gone on from; the
 * file gets its name once it is what the hub says it is.
 *
 * @returns its sha256
 * @throws LookalikeError
 */
export async function download(job: Download): Promise<string> {
  const target = join(job.folder, job.file.path)
  const part = `${target}.part`
  await mkdir(dirname(target), { recursive: true })
  job.onBytes(await sizeOf(part))
  for (let attempt = 1; (await sizeOf(part)) !== job.file.bytes; attempt++) {
    try {
      await receive(job, part)
    } catch (error) {
      if (isDiskFull(error)) throw storageFull(error)
      if (error instanceof LookalikeError && !error.retryable) throw error
      if (attempt === maxAttempts) throw brokeOff(job, error)
    }
    if (attempt === maxAttempts && (await sizeOf(part)) !== job.file.bytes) throw brokeOff(job)
  }
  const { sha256, gitBlob } = await hashesOf(part, job.file.bytes)
  const isRight = job.file.sha256 ? job.file.sha256 === sha256 : gitBlob === (job.file.gitBlob ?? gitBlob) // prettier-ignore
  if (!isRight) {
    await rm(part)
    throw new LookalikeError(
      'provider_rejected',
      `${job.file.path} of the model ${job.repository} arrived with another content than ${job.hub.endpoint} lists for it, and was ` +
        'thrown away. Start again; where that does not help, the mirror in HF_ENDPOINT or a proxy on the way is broken.',
    )
  }
  await rename(part, target)
  return sha256
}

async function receive(job: Download, part: string): Promise<void> {
  const { hub, repository, revision, file, onBytes } = job
  const from = await sizeOf(part)
  if (from > file.bytes) return startOver(part, from, onBytes)
  const stalled = new AbortController()
  const watch = setTimeout(() => stalled.abort(new Error('no more bytes came')), stallMs)
  try {
    const answer = await hub.open(repository, revision, file.path, from, stalled.signal)
    const continues = answer.status === 206
    if (answer.status === 416) return await startOver(part, from, onBytes)
    if (!continues && from > 0) onBytes(-from)
    // Each piece is written before the next is asked for: what has arrived stays, however it ends.
    const out = await open(part, continues ? 'a' : 'w')
    try {
      for await (const chunk of answer.body ?? []) {
        watch.refresh()
        await out.writeFile(chunk)
        onBytes(chunk.byteLength)
      }
    } finally {
      await out.close()
    }
  } finally {
    clearTimeout(watch)
  }
}

async function startOver(part: string, had: number, onBytes: Download['onBytes']): Promise<void> {
  await rm(part, { force: true })
  onBytes(-had)
}

function brokeOff({ hub, repository, file }: Download, cause?: unknown): LookalikeError {
  if (cause instanceof LookalikeError) return cause
  return new LookalikeError(
    'provider_unavailable',
    `${hub.endpoint} broke off ${maxAttempts} times while it sent ${file.path} of the model ${repository}. What arrived is kept: ` +
      'start again to go on from there.',
    { cause },
  )
}

/** Of a file of that many bytes; git hashes the length as well. */
async function hashesOf(path: string, bytes: number): Promise<{ sha256: string; gitBlob: string }> {
  const sha256 = createHash('sha256')
  const gitBlob = createHash('sha1').update(`blob ${bytes}\0`)
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk as Buffer)
    gitBlob.update(chunk as Buffer)
  }
  return { sha256: sha256.digest('hex'), gitBlob: gitBlob.digest('hex') }
}

/** 0 for one that is not there. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
