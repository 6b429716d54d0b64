import { createWriteStream, existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { finished } from 'node:stream/promises'
import { filePath, type FileKind, type FileStore } from '../files/file-store.ts'
import type { BackupFolder } from './folder.ts'
import type { Entry } from './manifest.ts'
import type { NamedFile } from './source/record-files.ts'

/** Databases change here and there: what is the same in the next snapshot is kept once. */
const chunkBytes = 1 << 20

const toldEach = 100

export interface Copied {
  files: number
  bytes: number
}

/** Brings files into a backup, those that are not there yet; and notes what it brought, for whoever goes on after a kill. */
export class Copier {
  /** What is new in this snapshot. */
  readonly copied: Copied = { files: 0, bytes: 0 }
  /** What an earlier one had already. */
  readonly reused: Copied = { files: 0, bytes: 0 }
  /** Content hashes of originals whose bytes have another. */
  readonly differing = new Set<string>()
  /** How many pictures there are, as far as that is known. */
  total = 0
  onProgress: ((done: number, total: number) => void) | undefined
  #done = 0
  readonly #folder: BackupFolder
  readonly #files: FileStore
  readonly #known: ReadonlyMap<string, Entry>
  readonly #journal
  /** Paths that were counted: a file may be asked for again. */
  readonly #counted = new Set<string>()

  private constructor(folder: BackupFolder, files: FileStore, known: ReadonlyMap<string, Entry>) {
    this.#folder = folder
    this.#files = files
    this.#known = known
    this.#journal = createWriteStream(folder.journal, { flags: 'a' })
  }

  static async open(folder: BackupFolder, files: FileStore): Promise<Copier> {
    return new Copier(folder, files, await knownEntries(folder))
  }

  /** Whether all of an original is there. */
  async has({ sha256, bytes }: NamedFile): Promise<boolean> {
    return (await this.#find(filePath('original', sha256), sha256, bytes)) !== null
  }

  /** The entries of an original and its thumbnail; null when the original is gone. */
  async file({ sha256, bytes }: NamedFile): Promise<Entry[] | null> {
    if (++this.#done % toldEach === 0) this.onProgress?.(this.#done, this.total)
    const original = await this.#one('original', sha256, bytes)
    if (!original) return null
    const thumbnail = await this.#one(
      'thumbnail',
      sha256,
      await this.#files.size('thumbnail', sha256),
    )
    return thumbnail ? [original, thumbnail] : [original]
  }

  /** A file that nobody writes to meanwhile, under another path. */
  async wholeFile(from: string, path: string): Promise<Entry> {
    await using file = await open(from)
    const { size } = await file.stat()
    const objects: string[] = []
    for (let at = 0; at < size; at += chunkBytes) {
      const chunk = Buffer.alloc(Math.min(chunkBytes, size - at))
      await file.read(chunk, 0, chunk.length, at)
      objects.push(await this.bytes(chunk))
    }
    return { path, bytes: size, objects }
  }

  /** @returns the name of the object */
  async bytes(bytes: Uint8Array): Promise<string> {
    const { sha256, isNew } = await this.#folder.objects.putBytes(bytes)
    const into = isNew ? this.copied : this.reused
    into.bytes += bytes.length
    return sha256
  }

  async close(): Promise<void> {
    this.#journal.end()
    await finished(this.#journal)
  }

  /** @param bytes as it is said; null where there is none */
  async #one(kind: FileKind, sha256: string, bytes: number | null): Promise<Entry | null> {
    if (bytes === null) return null
    const path = `files/${filePath(kind, sha256)}`
    const known = await this.#find(path, kind === 'original' ? sha256 : null, bytes)
    if (known) {
      this.#count(known, this.reused)
      return known
    }
    const source = await this.#files.read(kind, sha256)
    if (!source) return null
    const { isNew, ...stored } = await this.#folder.objects.put(source.stream)
    if (kind === 'original' && stored.sha256 !== sha256) this.differing.add(sha256)
    const entry = { path, bytes: stored.bytes, objects: [stored.sha256] }
    this.#count(entry, isNew ? this.copied : this.reused)
    this.#journal.write(`${JSON.stringify(entry)}\n`)
    return entry
  }

  #count({ path, bytes }: Entry, into: Copied): void {
    if (this.#counted.has(path)) return
    this.#counted.add(path)
    into.files++
    into.bytes += bytes
  }

  /** A file is under its content hash, so one of the same path and length is the same. */
  async #find(path: string, name: string | null, bytes: number): Promise<Entry | null> {
    const { objects } = this.#folder
    const known = this.#known.get(path)
    const object = known?.bytes === bytes ? known.objects[0]! : name
    if (object === null || (await objects.size(object)) !== bytes) return null
    return { path, bytes, objects: [object] }
  }
}

/** What the last snapshot, and a run that was killed, brought under other names than their content hash. */
async function knownEntries(folder: BackupFolder): Promise<Map<string, Entry>> {
  const known = new Map<string, Entry>()
  const note = (entry: Entry) => {
    const isPlain =
      entry.path.startsWith('files/originals/') && entry.objects[0] === basename(entry.path)
    if (entry.path.startsWith('files/') && !isPlain) known.set(entry.path, entry)
  }
  const last = (await folder.snapshots()).at(-1)
  if (last !== undefined) {
    for await (const line of folder.read(last)) if ('path' in line) note(line)
  }
  if (existsSync(folder.journal)) {
    for (const line of (await readFile(folder.journal, 'utf8')).split('\n')) {
      // The last may be cut short.
      if (line.endsWith('}')) note(JSON.parse(line) as Entry)
    }
  }
  return known
}
