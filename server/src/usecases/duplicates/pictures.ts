import { bandsOf, isNear } from '../../stores/perceptual.ts'
import type { Fingerprint } from './same-picture.ts'

/** All records of one perceptual hash, or of the same bytes where there is none. */
export interface Picture {
  readonly key: string
  readonly phash: string
  readonly records: Fingerprint[]
}

/** Every picture of a library, to be found by record and by likeness. About 600 bytes a record. */
export class Pictures {
  readonly #byKey = new Map<string, Picture>()
  readonly #byId = new Map<string, Picture>()
  readonly #byBand = new Map<string, Set<Picture>>()

  /** Returns the picture that the record shows; null for one without a file. */
  add({ id, indexedAt, file }: Fingerprint): Picture | null {
    if (!file) return null
    const phash = file.phash ?? ''
    const key = phash || file.sha256
    const picture = this.#byKey.get(key) ?? this.#open({ key, phash, records: [] })
    picture.records.push({ id, indexedAt, file })
    this.#byId.set(id, picture)
    return picture
  }

  /** Returns the picture that the record showed, which is gone when it was the last one. */
  remove(id: string): Picture | undefined {
    const picture = this.#byId.get(id)
    if (!picture) return undefined
    this.#byId.delete(id)
    const { records } = picture
    records.splice(
      records.findIndex((record) => record.id === id),
      1,
    )
    if (records.length === 0) this.#close(picture)
    return picture
  }

  has(picture: Picture): boolean {
    return this.#byKey.get(picture.key) === picture
  }

  all(): Iterable<Picture> {
    return this.#byKey.values()
  }

  /** Those that look the same, the picture itself among them; some more than once. */
  *near({ phash }: Picture): Generator<Picture> {
    for (const band of bandsOf(phash)) {
      for (const other of this.#byBand.get(band) ?? []) {
        if (isNear(phash, other.phash)) yield other
      }
    }
  }

  #open(picture: Picture): Picture {
    this.#byKey.set(picture.key, picture)
    for (const band of bandsOf(picture.phash)) {
      const sharers = this.#byBand.get(band)
      if (sharers) sharers.add(picture)
      else this.#byBand.set(band, new Set([picture]))
    }
    return picture
  }

  #close(picture: Picture): void {
    this.#byKey.delete(picture.key)
    for (const band of bandsOf(picture.phash)) {
      const sharers = this.#byBand.get(band)!
      sharers.delete(picture)
      if (sharers.size === 0) this.#byBand.delete(band)
    }
  }
}
