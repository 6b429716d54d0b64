import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, unlink, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { LookalikeError } from '../errors.ts'
import type { Downloader } from '../downloads/downloader.ts'
import type { Upload } from '../library/deps.ts'
import { missingFile, readForm } from './bodies/form.ts'

/** What a multipart request brought: its one file and its text fields. */
export interface Received {
  readonly upload: Upload
  readonly fields: Record<string, string>
  /** Deletes the temporary file, if it still lies there. */
  discard(): Promise<void>
}

/** The folder where files lie between arrival and answer. */
export interface UploadFolder {
  /**
   * Streams the request's `image_file` into the folder, or else the file that its field `image_url`
   * names. Whoever receives must discard.
   *
   * @throws LookalikeError those of `readForm` and `Downloader`; nothing is left behind then
   */
  receiveOrFetch(
    request: FastifyRequest,
    downloader: Downloader,
    signal: AbortSignal,
  ): Promise<Received>
}

/** Opens the folder and clears away what a killed process left in it. */
export async function openUploadFolder(folder: string, maxBytes: number): Promise<UploadFolder> {
  await mkdir(folder, { recursive: true })
  for (const left of await readdir(folder)) await rm(join(folder, left), { force: true })

  const into = async (receive: (path: string) => Promise<Omit<Received, 'discard'>>) => {
    const path = join(folder, randomUUID())
    // `rm` would look for the file first.
    const discard = () => unlink(path).catch(unlessGone)
    try {
      return { ...(await receive(path)), discard }
    } catch (error) {
      await discard()
      throw error
    }
  }

  return {
    receiveOrFetch: (request, downloader, signal) =>
      into(async (path) => {
        const { file: upload, fields } = await readForm(
          request,
          maxBytes,
          async (file, filename) => {
            const written = await writeHashed(file, path)
            // What browsers send for an input that no file was chosen for.
            if (filename === null && written.bytes === 0) return unlink(path).then(() => null)
            return { ...written, filename }
          },
        )
        const url = fields['image_url']
        if (upload && url !== undefined) throw twoPictures()
        if (upload) return { upload, fields }
        if (url === undefined) {
          throw missingFile("The form has neither 'image_file' nor 'image_url'.")
        }
        const { stream, filename } = await downloader.open(url, signal)
        return { upload: { ...(await writeHashed(stream, path)), filename }, fields }
      }),
  }
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Written at once: handing each chunk that arrives to the disk by itself costs more than hashing it. */
const pieceBytes = 1 << 20

async function writeHashed(source: Readable, path: string): Promise<Omit<Upload, 'filename'>> {
  const hash = createHash('sha256')
  let file: FileHandle | undefined
  let writing: Promise<void> = Promise.resolve()
  let bytes = 0
  let piece: Buffer[] = []
  let held = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
      held += chunk.length
      piece.push(chunk)
      if (held < pieceBytes) continue
      file ??= await open(path, 'wx')
      await writing
      writing = writeWhole(file, piece, held)
      // The next piece arrives meanwhile; until that awaits it, a failure is nobody's.
      writing.catch(() => {})
      piece = []
      held = 0
    }
    await writing
    const sha256 = hash.digest('hex')
    if (file) {
      if (held > 0) await writeWhole(file, piece, held)
      return { path, bytes, sha256 }
    }
    const inMemory = Buffer.concat(piece)
    // To open, write and close a small file is one errand of a thread this way instead of three.
    await writeFile(path, inMemory, { flag: 'wx' })
    return { path, inMemory, bytes, sha256 }
  } finally {
    await file?.close()
  }
}

async function writeWhole(file: FileHandle, piece: Buffer[], length: number): Promise<void> {
  const { bytesWritten } = await file.writev(piece)
  // Less than all is written where the disk is about to be full; the next write would say so.
  if (bytesWritten < length) throw Object.assign(new Error('a short write'), { code: 'ENOSPC' })
}

function twoPictures(): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    "The form has both 'image_file' and 'image_url': send one of them, for a record has one picture.",
  )
}
