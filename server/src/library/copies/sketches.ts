import { buffer } from 'node:stream/consumers'
import { LookalikeError } from '../../errors.ts'
import type { FileStore } from '../../files/file-store.ts'
import type { Decode } from '../../images/decode.ts'
import { isOwnThumbnail } from '../../images/encode.ts'
import { sketchOf, type Sketch } from '../../images/comparison/sketch.ts'
import type { FileFacts } from '../../records/record.ts'

/** Of 37 kB each: neighbours come in a row, for folders hold what was taken in a row. */
const kept = 400
const unreadable: readonly string[] = ['invalid_image', 'image_too_many_pixels']

/**
 * The small pictures that are compared, made from thumbnails: these are there for every library of today, on a disk and on
 * S3, and a sketch of each picture beside its record would be as large as its vector once more.
 */
export class Sketches {
  readonly #files: FileStore
  readonly #decode: Decode
  /** By content hash, the least recently used first. */
  readonly #made = new Map<string, Sketch>()

  constructor(files: FileStore, decode: Decode) {
    this.#files = files
    this.#decode = decode
  }

  /**
   * Null when there is no file, or none that can be read.
   *
   * @throws LookalikeError `files_unavailable`
   */
  async of(file: FileFacts): Promise<Sketch | null> {
    const { sha256 } = file
    const known = this.#made.get(sha256)
    const sketch = known ?? (await this.#make(file))
    if (!sketch) return null
    this.#made.delete(sha256)
    this.#made.set(sha256, sketch)
    if (this.#made.size > kept) this.#made.delete(this.#made.keys().next().value!)
    return sketch
  }

  async #make(file: FileFacts): Promise<Sketch | null> {
    if (file.missing) return null
    const kind = isOwnThumbnail(file) ? 'original' : 'thumbnail'
    const found = await this.#files.read(kind, file.sha256)
    if (!found) return null
    try {
      return await sketchOf(await this.#decode(await buffer(found.stream), { patient: true }))
    } catch (error) {
      if (error instanceof LookalikeError && unreadable.includes(error.code)) return null
      throw error
    }
  }
}
