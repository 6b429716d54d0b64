import type { Embedder } from '../../embedders/embedder.ts'
import type { Generations } from '../../stores/generations.ts'
import type { ImageStore, Library } from '../../stores/image-store.ts'
import { SwitchingStore } from './switching-store.ts'

/** What a library is opened with when an embedder makes it. */
function libraryOf(embedder: Embedder): Library {
  return { embedderId: embedder.id, dimensions: embedder.dimensions }
}

interface LibraryInUseDeps {
  readonly generations: Generations
  /** The embedder of the settings. */
  readonly target: Embedder
  /** Opens the one that made a library, which is another than the target one. */
  readonly openPrevious: (library: Library) => Promise<Embedder>
}

/**
 * The library in use with the embedder that made it, which goes on answering when the settings name
 * another, until a library of the target one takes its place.
 */
export class LibraryInUse {
  readonly store: SwitchingStore
  readonly #deps: LibraryInUseDeps
  #embedder: Embedder

  private constructor(deps: LibraryInUseDeps, embedder: Embedder, store: ImageStore) {
    this.store = new SwitchingStore({ store, embedderId: embedder.id })
    this.#deps = deps
    this.#embedder = embedder
  }

  /** @throws LookalikeError what the store says of a library that it cannot open */
  static async open(deps: LibraryInUseDeps): Promise<LibraryInUse> {
    const { generations, target } = deps
    const made = await generations.current()
    if (made?.records === 0 && made.embedderId !== target.id) {
      // Nothing was described or embedded in it: an empty library belongs to any embedder.
      await generations.discardNext(libraryOf(target))
      await (await generations.openNext(libraryOf(target))).close()
      await generations.promote(libraryOf(target))
    }
    const { embedder, store } = await openCurrent(deps, target)
    return new LibraryInUse(deps, embedder, store)
  }

  /** The embedder that made the library in use. */
  get embedder(): Embedder {
    return this.#embedder
  }

  /** The embedder of the settings. */
  get target(): Embedder {
    return this.#deps.target
  }

  /** Opens the library that is being made with the target embedder. */
  openNext(): Promise<ImageStore> {
    return this.#deps.generations.openNext(libraryOf(this.target))
  }

  discardNext(): Promise<void> {
    return this.#deps.generations.discardNext(libraryOf(this.target))
  }

  /**
   * Puts the library that was made with the target embedder in the place of the one in use, unless
   * `isWhole` says no; calls wait meanwhile.
   *
   * @param next the open store of that library; closed when it is put in use
   * @returns null when `isWhole` said no, else where the previous library is kept, if it is
   */
  async exchange(
    next: ImageStore,
    isWhole: (current: ImageStore) => Promise<boolean>,
  ): Promise<{ previousLibrary: string | null } | null> {
    return this.store.hold(async (current) => {
      if (!(await isWhole(current))) return null
      let inUse = this.#embedder
      try {
        await next.close()
        await current.close()
        const previousLibrary = await this.#deps.generations.promote(libraryOf(this.#deps.target))
        inUse = this.#deps.target
        return { previousLibrary }
      } finally {
        // Whichever of the two is there now, also when something failed on the way.
        const { embedder, store } = await openCurrent(this.#deps, inUse)
        this.#embedder = embedder
        this.store.replace({ store, embedderId: embedder.id })
      }
    })
  }
}

/** @param fallback the embedder of a library that does not name its own */
async function openCurrent(
  { generations, target, openPrevious }: LibraryInUseDeps,
  fallback: Embedder,
) {
  const made = await generations.current()
  const known = made?.embedderId === target.id ? target : made && (await openPrevious(made))
  const embedder = known ?? fallback
  return { embedder, store: await generations.open(libraryOf(embedder)) }
}
