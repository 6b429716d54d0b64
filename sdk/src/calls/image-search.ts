import type { SearchResponse, StageEvent } from '../contract.ts'
import { form } from '../form.ts'
import { jsonBody, readJson, type Http } from '../http.ts'
import { searchAnswer } from '../search-answer.ts'
import type { SimilarOptions } from '../search-options.ts'
import { imagePath, pictureField } from './images.ts'

export interface PictureOptions extends SimilarOptions {
  /** `expanded`: the first hundred are ranked also by how they lie to each other. */
  ranking?: 'cosine' | 'expanded'
}

export interface SearchOptions extends PictureOptions {
  /** Told as each stage of the search begins. */
  onStage?: (event: StageEvent) => void
}

/** The searches for what is like one picture, or what a text describes. */
export function imageSearchCalls(http: Http) {
  return {
    /**
     * Finds the stored images that look most like `image`, a file, which is sent with its name if it has one, or the
     * URL of one for the server to fetch.
     */
    async searchSimilar(
      image: Blob | string,
      options: SearchOptions = {},
    ): Promise<SearchResponse> {
      const { signal, onStage } = options
      const body = form({ ...pictureField(image), ...searchFields(options) })
      const send = (accept: string) =>
        http('/api/images/search-similar', { method: 'POST', headers: { accept }, body, signal })
      return searchAnswer(send, onStage, signal)
    },

    /**
     * Finds the stored images that a text describes. With `info().embedder.text` of `names` it may use those of
     * {@link vocabulary}, with `none` it is refused.
     */
    async searchText(query: string, options: SimilarOptions = {}): Promise<SearchResponse> {
      const { limit, scoreThreshold, filter, sparql, hideDuplicates, minMatch, cut, signal } =
        options
      const body = {
        query,
        limit,
        score_threshold: scoreThreshold,
        filter,
        sparql,
        hide_duplicates: hideDuplicates,
        min_match: minMatch,
        cut,
      }
      const call = { method: 'POST', ...jsonBody(body), signal }
      return readJson(await http('/api/images/search-text', call), signal)
    },

    /** Finds more like an image that is already stored; no model is asked. */
    async similarTo(id: string, options: PictureOptions = {}): Promise<SearchResponse> {
      const { signal } = options
      const query = searchFields(options)
      return readJson(await http(`${imagePath(id)}/similar`, { query, signal }), signal)
    },
  }
}

function searchFields(options: PictureOptions) {
  const { limit, scoreThreshold, filter, sparql, hideDuplicates, minMatch, cut } = options
  return {
    limit,
    score_threshold: scoreThreshold,
    filter: filter && JSON.stringify(filter),
    sparql,
    hide_duplicates: hideDuplicates?.toString(),
    min_match: minMatch,
    cut,
    ranking: options.ranking,
  }
}
