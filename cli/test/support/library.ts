import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { createClient, type ImageRecord } from '@lookalike/sdk'
import { jpeg } from '../../../server/test/support/pictures.ts'

/** A folder of its own for one test. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'lookalike-cli-'))
  return {
    path,
    /** Writes a file, with the folders it needs, and returns its path. */
    async write(name: string, content: string | Uint8Array): Promise<string> {
      const file = join(path, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
      return file
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

export type Folder = Awaited<ReturnType<typeof temporaryFolder>>

/** Small pictures, so that tests spend their time elsewhere: `a/0.jpg`, `a/1.jpg`, ... */
export async function drawPictures(folder: Folder, under: string, count: number, firstSeed = 0) {
  for (let at = 0; at < count; at++) {
    await folder.write(join(under, `${at}.jpg`), await jpeg(firstSeed + at, 64, 48))
  }
}

/** All records, by URI. */
export async function libraryOf(url: string): Promise<ImageRecord[]> {
  const { images } = await createClient({ baseUrl: url }).list({ limit: 1000 })
  return images.toSorted((one, other) => (one.image_uri < other.image_uri ? -1 : 1))
}

export async function countFiles(folder: string): Promise<number> {
  return (await namesIn(folder)).length
}

/** Of files at any depth; none where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  const options = { recursive: true, withFileTypes: true } as const
  const entries = await readdir(folder, options).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

/** Each of `count` different pictures once, with one original, at most one thumbnail and no file beside. */
export async function expectWhole(url: string, dataDir: string, count: number): Promise<void> {
  const records = await libraryOf(url)
  expect(records).toHaveLength(count)
  const known = new Set(records.map(({ sha256 }) => sha256))
  expect(known.size).toBe(count)
  const originals = await namesIn(join(dataDir, 'files/originals'))
  expect(originals).toHaveLength(count)
  expect(new Set(originals)).toEqual(known)
  // Small pictures are their own.
  const thumbnails = await namesIn(join(dataDir, 'files/thumbnails'))
  expect(thumbnails.filter((name) => !known.has(name))).toEqual([])
  const all = await countFiles(join(dataDir, 'files'))
  expect(all).toBe(originals.length + thumbnails.length)
  expect(await countFiles(join(dataDir, 'uploads'))).toBe(0)
}
