import type { ImageStore, Library } from './image-store.ts'

/** A library as it lies in its store, known without opening it. */
export interface MadeLibrary extends Library {
  readonly records: number
}

/**
 * The library in use, and beside it the one that is to take its place: two stores of the same kind, of
 * which each belongs to an embedder of its own.
 *
 * Errors are those of the stores. At most one `openNext` is open at a time.
 */
export interface Generations {
  /**
   * The library in use, after finishing a switch that a crash interrupted. Null where there is none yet,
   * where it names no embedder, or where it cannot be looked at: opening it then says why.
   */
  current(): Promise<MadeLibrary | null>
  /** Opens the library in use; refuses one that another embedder made. */
  open(library: Library): Promise<ImageStore>
  /** Opens the library being made, with what is in it already. */
  openNext(library: Library): Promise<ImageStore>
  /**
   * Puts the library that was being made in the place of the one in use; both must be closed. Durable,
   * and whole or not at all: a crash at any moment leaves one of the two in use.
   *
   * @returns where the previous library still is, as the store names it; null when it is gone
   */
  promote(library: Library): Promise<string | null>
  /** Throws away what there is of a library being made. */
  discardNext(library: Library): Promise<void>
}
