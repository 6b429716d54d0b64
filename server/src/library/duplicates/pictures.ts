import { areNear, quartersOf } from '../../records/perceptual.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { Standing } from './same-picture.ts'

/** All records of one perceptual hash, or of the same bytes where there is none. */
export interface Picture {
  readonly key: string
  /** Of its hash; none for a plain picture. */
  readonly quarters: readonly number[]
  readonly records: Standing[]
}

/** Every value that a quarter can have, for each of the four places. */
const bands = 4 * 2 ** 16

/** Every picture of a library, to be found by record and by likeness. */
export class Pictures {
  readonly #byKey = new Map<string, Picture>()
  readonly #byId = new Map<string, Picture>()
  /** Pictures that share a quarter of their hash: near ones share at least one. */
  readonly #byBand: (Picture[] | undefined)[] = Array.from({ length: bands })

  /** Returns the picture that the record shows; null for one without a file. */
  add({ id, indexedAt, file }: ImageRecord): Picture | null {
    if (!file) return null
    const phash = file.phash ?? ''
    const key = phash || file.sha256
    const known = this.#byKey.get(key)
    const picture = known ?? this.#open({ key, quarters: quartersOf(phash), records: [] })
    const { width, height, bytes } = file
    // Nothing else of the record: it stays in memory for as long as anybody asks for groups.
    picture.records.push({ id, indexedAt, file: { width, height, bytes } })
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
  near({ quarters }: Picture): Picture[] {
    return bandsOf(quarters).flatMap(
      (band) => this.#byBand[band]?.filter((other) => areNear(quarters, other.quarters)) ?? [],
    )
  }

  #open(picture: Picture): Picture {
    this.#byKey.set(picture.key, picture)
    for (const band of bandsOf(picture.quarters)) {
      const sharers = this.#byBand[band]
      if (sharers) sharers.push(picture)
      else this.#byBand[band] = [picture]
    }
    return picture
  }

  #close(picture: Picture): void {
    this.#byKey.delete(picture.key)
    for (const band of bandsOf(picture.quarters)) {
      const others = this.#byBand[band]!.filter((other) => other !== picture)
      this.#byBand[band] = others.length > 0 ? others : undefined
    }
  }
}

function bandsOf(quarters: readonly number[]): number[] {
  return quarters.map((value, place) => place * 2 ** 16 + value)
}
