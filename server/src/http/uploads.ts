import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, unlink, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { LookalikeError } from '../errors.ts'
import type { Downloader } from '../downloads/downloader.ts'
import type { Upload } from '../library/deps.ts'
import { explainForm } from './malformed-form.ts'

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
   * Streams the request's `image_file` into the folder. Whoever receives must discard.
   *
   * @throws LookalikeError `missing_file`, `upload_too_large`; nothing is left behind then
   */
  receive(request: FastifyRequest): Promise<Received>
  /**
   * The same, or the file that the field `image_url` names, fetched from there.
   *
   * @throws LookalikeError also those of `Downloader`
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
      throw explainForm(error)
    }
  }

  return {
    receive: (request) =>
      into(async (path) => {
        const { upload, fields } = await receiveParts(request, path, maxBytes)
        if (!upload) throw missingFile("The form has no file part named 'image_file'.")
        return { upload, fields }
      }),

    receiveOrFetch: (request, downloader, signal) =>
      into(async (path) => {
        const { upload, fields } = await receiveParts(request, path, maxBytes)
        const url = fields['image_url']
        if (upload && url !== undefined) throw twoPictures()
        if (upload) return { upload, fields }
        if (url === undefined)
          throw missingFile("The form has neither 'image_file' nor 'image_url'.")
        const { stream, filename } = await downloader.open(url, signal)
        return { upload: { ...(await writeHashed(stream, path)), filename }, fields }
      }),
  }
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

async function receiveParts(request: FastifyRequest, path: string, maxBytes: number) {
  if (!request.isMultipart()) throw missingFile('The request is not multipart/form-data.')
  const fields: Record<string, string> = {}
  let upload: Upload | undefined
  for await (const part of request.parts({ limits: { fileSize: maxBytes } })) {
    if (part.type === 'field') {
      if (part.valueTruncated) {
        throw new LookalikeError('invalid_parameter', `${part.fieldname}: is too long.`)
      }
      fields[part.fieldname] = String(part.value)
    } else if (part.fieldname === 'image_file' && !upload) {
      upload = { ...(await writeHashed(part.file, path)), filename: part.filename || null }
      if (part.file.truncated) throw tooLarge(maxBytes)
    } else {
      throw new LookalikeError(
        'invalid_parameter',
        `Unexpected file part '${part.fieldname}': send exactly one file, in a part named 'image_file'.`,
      )
    }
  }
  return { upload, fields }
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

function missingFile(what: string): LookalikeError {
  return new LookalikeError(
    'missing_file',
    `${what} Send the picture as multipart/form-data in a part named 'image_file'.`,
  )
}

export function tooLarge(maxBytes: number): LookalikeError {
  return new LookalikeError(
    'upload_too_large',
    `The file is larger than ${maxBytes / 1e6} MB, the most this server accepts (MAX_UPLOAD_MB). Send a smaller copy.`,
  )
}
