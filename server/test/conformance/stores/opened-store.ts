import type { ImageStore, Library } from '../../../src/stores/image-store.ts'

export interface OpenedStore {
  readonly store: ImageStore
  /**
   * Opens the same library again, as after a restart; the suite has closed `store` by then. Absent
   * for a store that keeps nothing.
   */
  reopen?(library: Library): Promise<ImageStore>
  /** Takes the library away; `store` may be closed already. */
  dispose(): Promise<void>
}

/** Opens a new, empty library. */
export type OpenStore = (library: Library) => Promise<OpenedStore>
