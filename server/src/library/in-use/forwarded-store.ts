import type { ImageStore } from '../../stores/image-store.ts'

/** The store's own methods in an object to put others over, which works for a class as well. */
export function forwardedStore(store: ImageStore): ImageStore {
  return {
    ...(store.shared && { shared: store.shared }),
    upsert: (records) => store.upsert(records),
    search: (query) => store.search(query),
    get: (ids) => store.get(ids),
    getWithVectors: (ids) => store.getWithVectors(ids),
    findByContentHash: (hashes) => store.findByContentHash(hashes),
    sample: (count) => store.sample(count),
    list: (page) => store.list(page),
    outline: (page) => store.outline(page),
    facets: (key, limit, filter) => store.facets(key, limit, filter),
    count: (filter) => store.count(filter),
    setMetadata: (id, metadata) => store.setMetadata(id, metadata),
    delete: (ids) => store.delete(ids),
    forAnswer: (notes) => store.forAnswer(notes),
    ...(store.snapshot && { snapshot: () => store.snapshot!() }),
    health: () => store.health(),
    ...(store.atRest && { atRest: () => store.atRest!() }),
    close: () => store.close(),
  }
}

/**
 * A store that reports records that may have been added, changed or deleted; metadata apart.
 *
 * @param onWrite called after each write, whether it succeeded or not
 */
export function observedStore(store: ImageStore, onWrite: (ids: string[]) => void): ImageStore {
  const reporting = <T>(ids: string[], write: () => Promise<T>) =>
    write().finally(() => onWrite(ids))
  return {
    ...forwardedStore(store),
    upsert: (records) =>
      reporting(
        records.map(({ id }) => id),
        () => store.upsert(records),
      ),
    delete: (ids) => reporting(ids, () => store.delete(ids)),
  }
}
