import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { type FileKind, fileKinds, filePath, type FileStore } from '../file-store.ts'
import { Bucket } from './bucket.ts'
import type { S3Options } from './settings.ts'

/**
 * Files as objects in a bucket of S3-compatible storage. The storage need not answer when this opens:
 * calls fail with `files_unavailable` until it does.
 */
export function openS3Files(options: S3Options): FileStore {
  const bucket = new Bucket(options)
  return {
    async put(kind, sha256, source) {
      await bucket.put(filePath(kind, sha256), {
        // A file-backed blob is read as it is sent, and again when the request is repeated.
        body: typeof source === 'string' ? await openAsBlob(source) : bytesOf(source),
        sha256: kind === 'original' ? sha256 : await hashOf(source),
        type: contentTypes[kind],
      })
    },

    async read(kind, sha256) {
      const answer = await bucket.get(filePath(kind, sha256))
      if (!answer) return null
      return { stream: Readable.fromWeb(answer.body as ReadableStream), bytes: answer.bytes }
    },

    async delete(sha256) {
      await Promise.all(fileKinds.map((kind) => bucket.delete(filePath(kind, sha256))))
    },

    async health() {
      try {
        await bucket.check()
        return { status: 'ok', detail: `Files in ${bucket.name}.` }
      } catch (error) {
        return { status: 'unavailable', detail: (error as Error).message }
      }
    },
  }
}

const contentTypes: Record<FileKind, string> = {
  original: 'application/octet-stream',
  thumbnail: 'image/webp',
}

function bytesOf(source: Uint8Array): Blob {
  return new Blob([new Uint8Array(source)])
}

/** The storage checks what arrives against the hash that was signed. */
async function hashOf(source: string | Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  if (typeof source !== 'string') return hash.update(source).digest('hex')
  for await (const chunk of (await openAsBlob(source)).stream()) hash.update(chunk)
  return hash.digest('hex')
}
