import type {
  DuplicateGroupPage,
  Facets,
  Filter,
  ImagePage,
  LibraryMap,
  OutlinePage,
} from '../contract.ts'
import { readJson, type Cancellable, type Http } from '../http.ts'
import type { SimilarOptions } from '../search-options.ts'

export interface PageOptions extends Cancellable {
  limit?: number
  /** `next_cursor` of the page before. */
  cursor?: string
}

export interface ListOptions extends PageOptions {
  filter?: Filter
  /** By when they were indexed; what costs the server least, where it is not given. */
  sort?: 'newest' | 'oldest'
  /** Only images that have this in their URI or description, whatever the case. */
  q?: string
  /** Also how many images the list has in all. */
  total?: boolean
}

export type FacetOptions = Pick<SimilarOptions, 'limit' | 'filter' | 'signal'>

/** The library as a whole: its pages, its map, its duplicates, what its metadata say. */
export function libraryCalls(http: Http) {
  return {
    /** One page of the library. */
    async list({ signal, ...options }: ListOptions = {}): Promise<ImagePage> {
      return readJson(await http('/api/images', { query: listQuery(options), signal }), signal)
    },

    /** The same by columns and of so little that 10,000 images are one page: what a wall of pictures is laid out by. */
    async outline({ signal, ...options }: ListOptions = {}): Promise<OutlinePage> {
      const query = listQuery(options)
      return readJson(await http('/api/images/outline', { query, signal }), signal)
    },

    /**
     * A page of the map, 20,000 images at most: those alike lie near each other. It is laid out in the background
     * once somebody asks: ask again until `phase` is `ready`.
     */
    async map({ signal, ...page }: PageOptions = {}): Promise<LibraryMap> {
      return readJson(await http('/api/map', { query: page, signal }), signal)
    },

    /** One page of the groups of images that show the same picture, largest first. */
    async duplicates({ signal, ...page }: PageOptions = {}): Promise<DuplicateGroupPage> {
      return readJson(await http('/api/duplicates', { query: page, signal }), signal)
    },

    /** How many images have each value of a metadata key, most frequent first. */
    async facets(key: string, { signal, limit, filter }: FacetOptions = {}): Promise<Facets> {
      const query = { limit, filter: filter && JSON.stringify(filter) }
      return readJson(
        await http(`/api/facets/${encodeURIComponent(key)}`, { query, signal }),
        signal,
      )
    },
  }
}

function listQuery({ filter, total, ...options }: Omit<ListOptions, 'signal'>) {
  return {
    ...options,
    filter: filter && JSON.stringify(filter),
    total: total ? 'true' : undefined,
  }
}
