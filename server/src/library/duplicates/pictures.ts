import { areNear, quartersOf } from '../../records/perceptual.ts'
import type { ImageRecord } from '../../records/record.ts'
import { standingOf, type Standing } from '../copies/keeping.ts'
import type { Verdicts } from '../copies/same-picture.ts'

/** All records of the same bytes. */
export interface Picture {
  readonly sha256: string
  /** Of its hash; none for a plain picture. */
  readonly quarters: readonly number[]
  readonly records: Standing[]
}

/** Every value that a quarter can have, for each of the four places. */
const bands = 4 * 2 ** 16

/** Every picture of a library, to be found by record and by likeness. */
export class Pictures {
  readonly #known: Verdicts
  readonly #byHash = new Map<string, Picture>()
  readonly #byId = new Map<string, Picture>()
  /** Pictures that share a quarter of their hash: near ones share at least one. */
  readonly #byBand: (Picture[] | undefined)[] = Array.from({ length: bands })

  constructor(known: Verdicts) {
    this.#known = known
  }

  /** Returns the picture that the record shows; null for one without a file. */
  add(record: ImageRecord): Picture | null {
    const { id, file } = record
    if (!file) return null
    const { sha256, width, height, bytes, phash = '' } = file
    const there = this.#byHash.get(sha256)
    const picture = there ?? this.#open({ sha256, quarters: quartersOf(phash), records: [] })
    // Nothing else of the record: it stays in memory for as long as anybody asks for groups.
    picture.records.push({ ...standingOf(record), file: { sha256, width, height, bytes } })
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
    return this.#byHash.get(picture.sha256) === picture
  }

  all(): Iterable<Picture> {
    return this.#byHash.values()
  }

  /** Those whose hashes say that they are the same, unless their pixels were compared. */
  near({ sha256, quarters }: Picture): Picture[] {
    const near = bandsOf(quarters).flatMap(
      (band) => this.#byBand[band]?.filter((other) => areNear(quarters, other.quarters)) ?? [],
    )
    return [...new Set(near)].filter(
      (other) => this.#known.between(sha256, other.sha256) === undefined,
    )
  }

  /** Those whose pixels say so. */
  copies({ sha256 }: Picture): Picture[] {
    return [...this.#known.of(sha256).keys()].flatMap((other) => this.#byHash.get(other) ?? [])
  }

  #open(picture: Picture): Picture {
    this.#byHash.set(picture.sha256, picture)
    for (const band of bandsOf(picture.quarters)) {
      const sharers = this.#byBand[band]
      if (sharers) sharers.push(picture)
      else this.#byBand[band] = [picture]
    }
    return picture
  }

  #close(picture: Picture): void {
    this.#byHash.delete(picture.sha256)
    for (const band of bandsOf(picture.quarters)) {
      const others = this.#byBand[band]!.filter((other) => other !== picture)
      this.#byBand[band] = others.length > 0 ? others : undefined
    }
  }
}

function bandsOf(quarters: readonly number[]): number[] {
  return quarters.map((value, place) => place * 2 ** 16 + value)
}
