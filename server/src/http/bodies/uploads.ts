import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Gate } from '../../admission/gate.ts'
import type { Presence } from '../../data-dir/presence.ts'
import type { Room } from '../../data-dir/room.ts'
import { LookalikeError } from '../../errors.ts'
import type { Downloader } from '../../downloads/downloader.ts'
import type { Upload } from '../../library/deps.ts'
import { missingFile, readForm } from './form.ts'
import { receivers, type Receiver } from './receiving.ts'

/** What a multipart request brought: its one file and its text fields. */
export interface Received {
  readonly upload: Upload
  readonly fields: Record<string, string>
  /** Deletes the temporary file, if it still lies there. */
  discard(): Promise<void>
}

/** What a request brought whose form has two places for files. */
export interface ReceivedTwo {
  readonly upload: Upload
  readonly other: Upload | null
  readonly fields: Record<string, string>
  discard(): Promise<void>
}

/** What a request brought whose form has any number of pictures. */
export interface ReceivedSeveral {
  /** In their order; null for a part that is no file. */
  readonly uploads: readonly (Upload | null)[]
  readonly fields: Record<string, string>
  discard(): Promise<void>
}

/** A picture that was fetched. */
export type Fetched = Omit<Received, 'fields'>

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
  /**
   * The same of a form that may have a second file, `to_file`; no URL is fetched.
   *
   * @throws LookalikeError those of `readForm`; nothing is left behind then
   */
  receiveTwo(request: FastifyRequest): Promise<ReceivedTwo>
  /**
   * The same of a form that may have several parts `image_file`, or none; no URL is fetched.
   *
   * @throws LookalikeError those of `readForm`; nothing is left behind then
   */
  receiveSeveral(request: FastifyRequest, maxPictures: number): Promise<ReceivedSeveral>
  /**
   * Fetches the picture at an address into the folder. Whoever fetches must discard.
   *
   * @throws LookalikeError those of `Downloader`; nothing is left behind then
   */
  fetch(url: string, downloader: Downloader, signal: AbortSignal): Promise<Fetched>
}

export interface UploadFolderOptions {
  readonly folder: string
  readonly maxBytes: number
  readonly room: Room
  readonly presence: Presence
  /** In which large files are received. */
  readonly turns: Gate
  /** @throws LookalikeError `overloaded` when a file of so many bytes would be turned away once it is here */
  readonly assertTurn: (bytes: number) => void
}

/** Opens the folder and clears away what killed processes left in it. */
export function openUploadFolder(options: UploadFolderOptions): UploadFolder {
  const { folder, maxBytes, room, presence, turns, assertTurn } = options
  mkdirSync(folder, { recursive: true })
  presence.sweep(folder)
  const receiverAt = receivers(room, turns, assertTurn)

  const into = async <T extends object>(
    files: number,
    receive: (receivers: Receiver[]) => Promise<T>,
  ) => {
    const receivers = Array.from({ length: files }, () =>
      receiverAt(join(folder, presence.prefix + randomUUID())),
    )
    const discard = async () => {
      for (const receiver of receivers) await receiver.discard()
    }
    try {
      return { ...(await receive(receivers)), discard }
    } catch (error) {
      await discard()
      throw error
    }
  }

  /** Keeps the files of a form, each with the next of the receivers. */
  const keeping = (request: FastifyRequest, receivers: Receiver[]) => {
    // Before anything of it is read.
    assertTurn(Number(request.headers['content-length'] ?? 0))
    const left = receivers.values()
    return async (file: Readable, filename: string | null): Promise<Upload | null> => {
      const expected = Math.min(maxBytes, bodyLength(request))
      const received = await left.next().value!.receive(file, expected)
      // What browsers send for an input that no file was chosen for.
      return filename === null && received.bytes === 0 ? null : { ...received, filename }
    }
  }

  const fetched = async (
    url: string,
    receiver: Receiver,
    downloader: Downloader,
    signal: AbortSignal,
  ): Promise<Upload> => {
    const { stream, filename } = await downloader.open(url, signal)
    return { ...(await receiver.receive(stream, maxBytes)), filename }
  }

  return {
    receiveTwo: (request) =>
      into(2, async (receivers) => {
        const keep = keeping(request, receivers)
        const { pictures, other, fields } = await readForm(request, { maxBytes }, keep)
        const upload = pictures[0] ?? null
        if (!upload) throw missingFile("The form has no 'image_file'.")
        return { upload, other, fields }
      }),

    receiveSeveral: (request, maxPictures) =>
      into(maxPictures, async (receivers) => {
        const keep = keeping(request, receivers)
        const { pictures, fields } = await readForm(request, { maxBytes, maxPictures }, keep)
        return { uploads: pictures, fields }
      }),

    receiveOrFetch: (request, downloader, signal) =>
      into(1, async ([receiver]) => {
        const keep = keeping(request, [receiver!])
        const { pictures, fields } = await readForm(request, { maxBytes }, keep)
        const upload = pictures[0] ?? null
        const url = fields['image_url']
        if (upload && url !== undefined) throw twoPictures()
        if (upload) return { upload, fields }
        if (url === undefined) {
          throw missingFile("The form has neither 'image_file' nor 'image_url'.")
        }
        return { upload: await fetched(url, receiver!, downloader, signal), fields }
      }),

    fetch: (url, downloader, signal) =>
      into(1, async ([receiver]) => ({
        upload: await fetched(url, receiver!, downloader, signal),
      })),
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
