import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import type { Presence } from '../data-dir/presence.ts'
import type { Room } from '../data-dir/room.ts'
import { LookalikeError } from '../errors.ts'
import type { Downloader } from '../downloads/downloader.ts'
import type { Upload } from '../library/deps.ts'
import { missingFile, readForm } from './bodies/form.ts'
import { receivers, type Receiver } from './receiving.ts'

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

export interface UploadFolderOptions {
  readonly folder: string
  readonly maxBytes: number
  readonly room: Room
  readonly presence: Presence
}

/** Opens the folder and clears away what killed processes left in it. */
export function openUploadFolder(options: UploadFolderOptions): UploadFolder {
  const { folder, maxBytes, room, presence } = options
  mkdirSync(folder, { recursive: true })
  presence.sweep(folder)
  const receiverAt = receivers(room)

  const into = async (receive: (receiver: Receiver) => Promise<Omit<Received, 'discard'>>) => {
    const receiver = receiverAt(join(folder, presence.prefix + randomUUID()))
    const discard = () => receiver.discard()
    try {
      return { ...(await receive(receiver)), discard }
    } catch (error) {
      await discard()
      throw error
    }
  }

  return {
    receiveOrFetch: (request, downloader, signal) =>
      into(async (receiver) => {
        const { file: upload, fields } = await readForm(
          request,
          maxBytes,
          async (file, filename) => {
            const expected = Math.min(maxBytes, bodyLength(request))
            const received = await receiver.receive(file, expected)
            // What browsers send for an input that no file was chosen for.
            if (filename === null && received.bytes === 0) return null
            return { ...received, filename }
          },
        )
        const url = fields['image_url']
        if (upload && url !== undefined) throw twoPictures()
        if (upload) return { upload, fields }
        if (url === undefined) {
          throw missingFile("The form has neither 'image_file' nor 'image_url'.")
        }
        const { stream, filename } = await downloader.open(url, signal)
        return { upload: { ...(await receiver.receive(stream, maxBytes)), filename }, fields }
      }),
  }
}

/** What the caller says it sends; without a bound where it does not say. */
function bodyLength({ headers }: FastifyRequest): number {
  return Number(headers['content-length'] ?? Infinity)
}

function twoPictures(): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    "The form has both 'image_file' and 'image_url': send one of them, for a record has one picture.",
  )
}
