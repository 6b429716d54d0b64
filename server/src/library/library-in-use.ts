import type { Embedder } from '../embedders/embedder.ts'
import type { Generations } from '../stores/generations.ts'
import type { ImageStore, Library } from '../stores/image-store.ts'
import { SwitchingStore } from './switching-store.ts'

/** What a library is opened with when an embedder makes it. */
export function libraryOf(embedder: Embedder): Library {
  return { embedderId: embedder.id, dimensions: embedder.dimensions }
}

interface LibraryParts {
  readonly generations: Generations
  /** The embedder of the settings. */
  readonly wanted: Embedder
  /** Opens the one that made a library, which is another than the wanted one. */
  readonly openFormer: (library: Library) => Promise<Embedder>
}

/**
 * The library in use with the embedder that made it, which goes on answering when the settings name
 * another, until a library of the wanted one takes its place.
 */
export class LibraryInUse {
  readonly store: SwitchingStore
  readonly #parts: LibraryParts
  #embedder: Embedder

  private constructor(parts: LibraryParts, embedder: Embedder, store: ImageStore) {
    this.store = new SwitchingStore({ store, embedderId: embedder.id })
    this.#parts = parts
    this.#embedder = embedder
  }

  /** @throws LookalikeError what the store says of a library that it cannot open */
  static async open(parts: LibraryParts): Promise<LibraryInUse> {
    const { generations, wanted } = parts
    const made = await generations.current()
    if (made?.records === 0 && made.embedderId !== wanted.id) {
      // Nothing was described or embedded in it: an empty library belongs to whoever comes.
      await generations.discardNext(libraryOf(wanted))
      await (await generations.openNext(libraryOf(wanted))).close()
      await generations.promote(libraryOf(wanted))
    }
    const { embedder, store } = await openMade(parts, wanted)
    return new LibraryInUse(parts, embedder, store)
  }

  /** The embedder that made the library in use. */
  get embedder(): Embedder {
    return this.#embedder
  }

  /** The embedder of the settings. */
  get wanted(): Embedder {
    return this.#parts.wanted
  }

  /** Opens the library that is being made with the wanted embedder. */
  openNext(): Promise<ImageStore> {
    return this.#parts.generations.openNext(libraryOf(this.wanted))
  }

  discardNext(): Promise<void> {
    return this.#parts.generations.discardNext(libraryOf(this.wanted))
  }

  /**
   * Puts the library that was made with the wanted embedder in the place of the one in use, unless
   * `isWhole` says no; nobody reads or writes meanwhile.
   *
   * @param next the open store of that library; closed when it is put in use
   * @returns null when `isWhole` said no, else where the former library is kept, if it is
   */
  async exchange(
    next: ImageStore,
    isWhole: (current: ImageStore) => Promise<boolean>,
  ): Promise<{ kept: string | null } | null> {
    return this.store.hold(async (current) => {
      if (!(await isWhole(current))) return null
      let inUse = this.#embedder
      try {
        await next.close()
        await current.close()
        const kept = await this.#parts.generations.promote(libraryOf(this.#parts.wanted))
        inUse = this.#parts.wanted
        return { kept }
      } finally {
        // Whichever of the two is there now, also when something failed on the way.
        const { embedder, store } = await openMade(this.#parts, inUse)
        this.#embedder = embedder
        this.store.replace({ store, embedderId: embedder.id })
      }
    })
  }
}

/** @param unlessKnown the embedder of a library that does not tell its own */
async function openMade({ generations, wanted, openFormer }: LibraryParts, unlessKnown: Embedder) {
  const made = await generations.current()
  const known = made?.embedderId === wanted.id ? wanted : made && (await openFormer(made))
  const embedder = known ?? unlessKnown
  return { embedder, store: await generations.open(libraryOf(embedder)) }
}
