import { open, readFile, type FileHandle } from 'node:fs/promises'

/** A file read piece by piece; what lies beyond its end is left away. */
export interface ByteSource {
  readonly size: number
  read(at: number, length: number): Promise<Buffer>
  whole(): Promise<Buffer>
  close(): Promise<void>
}

/** @param file a path, or the bytes themselves */
export async function openBytes(file: string | Uint8Array): Promise<ByteSource> {
  if (typeof file === 'string') return fromFile(file, await open(file))
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  return {
    size: bytes.length,
    read: async (at, length) => bytes.subarray(Math.max(0, at), Math.max(0, at + length)),
    whole: async () => bytes,
    close: async () => {},
  }
}

async function fromFile(path: string, file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat()
  return {
    size,
    async read(at, length) {
      const wanted = Math.max(0, Math.min(length, size - at))
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, at)
      return buffer.subarray(0, bytesRead)
    },
    whole: () => readFile(path),
    close: () => file.close(),
  }
}
