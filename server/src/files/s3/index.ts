import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { type FileKind, fileKinds, filePath, type FileStore } from '../file-store.ts'
import { Bucket, type Content } from './bucket.ts'
import type { S3Options } from './settings.ts'

/**
 * Files as objects in a bucket of S3-compatible storage. The storage need not answer when this opens:
 * calls fail with `files_unavailable` until it does.
 */
export default function openS3Files(options: S3Options): FileStore {
  const bucket = new Bucket(options)
  return {
    async put(kind, sha256, source) {
      await bucket.put(filePath(kind, sha256), await contentOf(kind, sha256, source))
    },

    read: (kind, sha256, range) => bucket.get(filePath(kind, sha256), range),

    size: (kind, sha256) => bucket.size(filePath(kind, sha256)),

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

/** The storage checks what arrives against the hash. An original in a file is as it was sent, and named by its hash. */
async function contentOf(
  kind: FileKind,
  original: string,
  source: string | Uint8Array,
): Promise<Content> {
  const type = kind === 'original' ? 'application/octet-stream' : 'image/webp'
  const isAsSent = kind === 'original' && typeof source === 'string'
  const sha256 = isAsSent ? original : await hashOf(source)
  if (typeof source !== 'string') {
    return { open: () => source, bytes: source.length, sha256, type }
  }
  await using file = await open(source)
  const { size } = await file.stat()
  return { open: async () => (await open(source)).createReadStream(), bytes: size, sha256, type }
}

async function hashOf(source: string | Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  if (typeof source !== 'string') return hash.update(source).digest('hex')
  const file = await open(source)
  for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
