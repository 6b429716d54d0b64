import type { QuestionResponse, StageEvent } from '../contract.ts'
import { form } from '../form.ts'
import type { Http } from '../http.ts'
import { searchAnswer } from '../search-answer.ts'
import type { SimilarOptions } from '../search-options.ts'

/** x, y, width and height, in fractions of the upright picture. */
export type Region = readonly [x: number, y: number, width: number, height: number]

/** A picture, or the URL of one for the server to fetch; an image of the library by its id; or words. */
export type QuestionPart = (
  | { readonly image: Blob; readonly region?: Region | undefined }
  | { readonly url: string; readonly region?: Region | undefined }
  | { readonly id: string; readonly region?: Region | undefined }
  | { readonly text: string }
) & {
  /** How much it counts, 1 where it is not said; below 0: results are to be unlike it. */
  readonly weight?: number | undefined
}

export interface QuestionOptions extends SimilarOptions {
  /** Told as each stage of the search begins. */
  onStage?: (event: StageEvent) => void
  /** `sum`: near to the weighted sum of all parts; `all`: like each of them. */
  combine?: 'sum' | 'all'
  /** Ids that were found right and wrong among the results: the question moves towards the ones and away from the others. */
  feedback?: { readonly relevant?: readonly string[]; readonly irrelevant?: readonly string[] }
  /** Results, or groups, to skip. */
  offset?: number
  /** Ids that are not to be found, beside those of the parts. */
  exclude?: string[]
  /** A metadata key: results of one value stand together; `limit` and `offset` count groups. */
  groupBy?: string
  /** Of each group at most so many; the server's default is 1. */
  groupSize?: number
  /** 0 to 1: how much the results are to differ from each other. */
  diversity?: number
  /** By a metadata key, or in an order that a number decides. */
  sort?: { key: string; order?: 'asc' | 'desc' } | { random: number }
  /** How many of the nearest `sort` and `diversity` put in order; the server's default is 100. */
  among?: number
}

/** A question as its form has it, with the pictures in it. */
export function questionForm(
  parts: readonly QuestionPart[],
  asked: Omit<QuestionOptions, 'signal' | 'onStage'>,
): FormData {
  const images = parts.flatMap((part) => ('image' in part ? [part.image] : []))
  let file = 0
  const question = {
    parts: parts.map((part) => {
      if (!('image' in part)) return part
      const { image: _, ...rest } = part
      return { ...rest, file: file++ }
    }),
    combine: asked.combine,
    feedback: asked.feedback,
    limit: asked.limit,
    offset: asked.offset,
    score_threshold: asked.scoreThreshold,
    filter: asked.filter,
    sparql: asked.sparql,
    hide_duplicates: asked.hideDuplicates,
    min_match: asked.minMatch,
    cut: asked.cut,
    exclude: asked.exclude,
    group_by: asked.groupBy,
    group_size: asked.groupSize,
    diversity: asked.diversity,
    sort: asked.sort,
    among: asked.among,
  }
  const body = form({ question: JSON.stringify(question) })
  for (const image of images) body.append('image_file', image)
  return body
}

export function questionCalls(http: Http) {
  return {
    /**
     * Finds the stored images that several pictures, images and words are about. It is refined by asking again with
     * `feedback`: what was right and what was wrong.
     */
    async search(
      parts: readonly QuestionPart[],
      options: QuestionOptions = {},
    ): Promise<QuestionResponse> {
      const { signal, onStage, ...asked } = options
      const body = questionForm(parts, asked)
      const send = (accept: string) =>
        http('/api/images/search', { method: 'POST', headers: { accept }, body, signal })
      return searchAnswer(send, onStage, signal)
    },
  }
}
