import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FileKind, FileStore } from '../../../src/files/file-store.ts'

export interface OpenedFiles {
  readonly files: FileStore
  /** The same files, as another process sees them. */
  reopen(): Promise<FileStore>
  dispose(): Promise<void>
}

/** The behaviour that every way of keeping files shares. */
export function describeFileStore(name: string, open: () => Promise<OpenedFiles>): void {
  describe(`files: ${name}`, () => {
    let opened: OpenedFiles
    let files: FileStore
    let folder: string
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lookalike-files-'))
      opened = await open()
      files = opened.files
    })
    afterEach(async () => {
      await opened.dispose()
      await rm(folder, { recursive: true, force: true })
    })

    async function onDisk(bytes: Buffer): Promise<string> {
      const path = join(folder, randomUUID())
      await writeFile(path, bytes)
      return path
    }
    /** The content's own hash, which compares faster than its bytes. */
    const contents = async (from: FileStore, kind: FileKind, sha256: string) => {
      const found = await from.read(kind, sha256)
      if (!found) return null
      const bytes = await buffer(found.stream)
      expect(found.bytes).toBe(bytes.length)
      return hashOf(bytes)
    }

    test('keeps an original and its thumbnail apart, under one hash', async () => {
      const { bytes, sha256 } = some(5_000)
      const thumbnail = randomBytes(300)
      await files.put('thumbnail', sha256, thumbnail)
      expect(await contents(files, 'original', sha256)).toBeNull()
      await files.put('original', sha256, await onDisk(bytes))
      expect(await contents(files, 'original', sha256)).toEqual(hashOf(bytes))
      expect(await contents(files, 'thumbnail', sha256)).toEqual(hashOf(thumbnail))
    })

    test('takes bytes and paths of either kind, small and large', async () => {
      const large = some(6_000_000)
      await files.put('original', large.sha256, await onDisk(large.bytes))
      await files.put('thumbnail', large.sha256, await onDisk(large.bytes))
      expect(await contents(files, 'original', large.sha256)).toEqual(hashOf(large.bytes))
      expect(await contents(files, 'thumbnail', large.sha256)).toEqual(hashOf(large.bytes))
      const small = some(1)
      await files.put('original', small.sha256, small.bytes)
      expect(await contents(files, 'original', small.sha256)).toEqual(hashOf(small.bytes))
    })

    test('gives a part of a file', async () => {
      const { bytes, sha256 } = some(300_000)
      await files.put('original', sha256, bytes)
      for (const [start, end] of [
        [0, 0],
        [0, 299_999],
        [1000, 200_999],
        [299_999, 299_999],
      ] as const) {
        const part = (await files.read('original', sha256, { start, end }))!
        expect(part.bytes).toBe(end - start + 1)
        expect(hashOf(await buffer(part.stream))).toBe(hashOf(bytes.subarray(start, end + 1)))
      }
      expect(await files.read('original', some(10).sha256, { start: 0, end: 5 })).toBeNull()
    })

    test('has nothing for a hash that it never saw', async () => {
      expect(await files.read('original', some(10).sha256)).toBeNull()
      expect(await files.read('thumbnail', some(10).sha256)).toBeNull()
    })

    test('tells how long a file is, and that there is none', async () => {
      const { bytes, sha256 } = some(1234)
      expect(await files.size('original', sha256)).toBeNull()
      await files.put('original', sha256, bytes)
      await files.put('thumbnail', sha256, Buffer.from('small'))
      expect(await files.size('original', sha256)).toBe(1234)
      expect(await files.size('thumbnail', sha256)).toBe(5)
      await files.delete(sha256)
      expect(await files.size('original', sha256)).toBeNull()
    })

    test('takes the same file again, also at once', async () => {
      const { bytes, sha256 } = some(50_000)
      await Promise.all([1, 2, 3].map(() => files.put('original', sha256, bytes)))
      await files.put('original', sha256, await onDisk(bytes))
      expect(await contents(files, 'original', sha256)).toEqual(hashOf(bytes))
    })

    test('a thumbnail can be made anew', async () => {
      const { sha256 } = some(10)
      await files.put('thumbnail', sha256, Buffer.from('old and longer'))
      await files.put('thumbnail', sha256, Buffer.from('new'))
      expect(await contents(files, 'thumbnail', sha256)).toEqual(hashOf(Buffer.from('new')))
    })

    test('deletes both kinds of one hash and nothing else, and again without complaint', async () => {
      const [gone, stays] = [some(100), some(100)]
      for (const { sha256, bytes } of [gone, stays]) {
        await files.put('original', sha256, bytes)
        await files.put('thumbnail', sha256, bytes)
      }
      await files.delete(gone.sha256)
      expect(await contents(files, 'original', gone.sha256)).toBeNull()
      expect(await contents(files, 'thumbnail', gone.sha256)).toBeNull()
      expect(await contents(files, 'original', stays.sha256)).toEqual(hashOf(stays.bytes))
      expect(await contents(files, 'thumbnail', stays.sha256)).toEqual(hashOf(stays.bytes))
      await files.delete(gone.sha256)
    })

    test('what was put is there for whoever opens it next', async () => {
      const { bytes, sha256 } = some(5_000)
      await files.put('original', sha256, bytes)
      expect(await contents(await opened.reopen(), 'original', sha256)).toEqual(hashOf(bytes))
    })

    test('a reader who leaves early harms nothing', async () => {
      const { bytes, sha256 } = some(3_000_000)
      await files.put('original', sha256, bytes)
      const { stream } = (await files.read('original', sha256))!
      for await (const _ of stream) break
      expect(await contents(files, 'original', sha256)).toEqual(hashOf(bytes))
    })

    test('is well, and shows nothing of the server in saying so', async () => {
      const { status, detail } = await files.health()
      expect(status).toBe('ok')
      expect(detail).not.toContain(tmpdir())
    })
  })
}

function some(length: number): { bytes: Buffer; sha256: string } {
  const bytes = randomBytes(length)
  return { bytes, sha256: hashOf(bytes) }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
