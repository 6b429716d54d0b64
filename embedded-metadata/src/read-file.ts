import { open, type FileHandle } from 'node:fs/promises'
import { type EmbeddedMetadata, readTags } from './read-tags.ts'

/** In a JPEG it stands before the picture. */
const headBytes = 1 << 19
/** WebP, TIFF and HEIC may have it behind the picture. */
const maxBytes = 1 << 25

/**
 * What a picture says of itself; see `readTags`. Of a file larger than 32 MiB, only what stands before that is seen.
 *
 * @throws Error of `node:fs` when the file cannot be read
 */
export async function readEmbedded(path: string): Promise<EmbeddedMetadata> {
  await using file = await open(path)
  const { size } = await file.stat()
  const head = await read(file, Math.min(size, headBytes))
  const isWhole = size <= headBytes || isJpeg(head)
  return readTags(isWhole ? head : await read(file, Math.min(size, maxBytes)))
}

function isJpeg(head: Buffer): boolean {
  return head.length > 1 && head.readUInt16BE(0) === 0xffd8
}

async function read(file: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
  return buffer.subarray(0, bytesRead)
}
