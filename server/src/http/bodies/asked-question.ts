import type { questionFields } from '@lookalike/contract'
import type { z } from 'zod'
import { LookalikeError } from '../../errors.ts'
import type { Upload } from '../../library/deps.ts'
import { eachPart } from '../../library/questions/each-part.ts'
import type { Part, QuestionOptions } from '../../library/questions/question.ts'
import { readParameters } from './read-parameters.ts'
import type { Services } from '../services.ts'
import type { Fetched, ReceivedSeveral } from './uploads.ts'

/** A question as its form has it, checked. */
export type Asked = z.output<typeof questionFields>['question']

/** A part whose picture may have to be fetched first. */
type NamedPart = Omit<Part, 'query'> &
  ({ readonly query: Part['query']; readonly url?: never } | { readonly url: string })

function namedParts({ parts }: Asked, sent: readonly (Upload | null)[]): NamedPart[] {
  const unnamed = sent.findIndex((_, at) => !parts.some(({ file }) => file === at))
  if (unnamed !== -1) {
    throw new LookalikeError(
      'invalid_parameter',
      `No part of the question names file ${unnamed} of the form: say {"file":${unnamed}} in one, or leave it out.`,
    )
  }
  return parts.map(({ file, url, id, text, weight, region }, at) => {
    const part = { weight, region }
    if (url !== undefined) return { ...part, url }
    if (id !== undefined) return { ...part, query: { likeId: id } }
    if (text !== undefined) return { ...part, query: { text } }
    const upload = sent[file!]
    if (upload) return { ...part, query: { upload } }
    throw new LookalikeError(
      'missing_file',
      `Part ${at + 1} of ${parts.length} is file ${file} of the form, counted from 0, which has ` +
        `${sent.length === 1 ? '1 file' : `${sent.length} files`} named 'image_file'.`,
      { parts: [at] },
    )
  })
}

/**
 * Reads the form of a question and fetches the pictures that its parts name by a URL; once `use` has ended, or anything
 * was thrown, no picture lies in the folder any more.
 *
 * @param fields of the form, with the question among them
 * @param use given the parts once it asks for them: fetching may take long
 * @throws LookalikeError of fields that do not fit; `missing_file` for a part without its file, `invalid_parameter` for a
 *   file without its part; those of `UploadFolder.fetch`, of parts with their place; what `use` throws
 */
export async function withQuestion<Fields extends z.ZodType<{ question: Asked }>, Answer>(
  { uploads, downloader }: Pick<Services, 'uploads' | 'downloader'>,
  received: ReceivedSeveral,
  fields: Fields,
  signal: AbortSignal,
  use: (asked: z.output<Fields>, parts: () => Promise<Part[]>) => Promise<Answer>,
): Promise<Answer> {
  const fetched: Fetched[] = []
  try {
    const asked = readParameters(fields, received.fields)
    return await use(asked, () => {
      const named = namedParts(asked.question, received.uploads)
      return eachPart(
        named.map(({ url }) => url ?? 'a part'),
        async (at): Promise<Part> => {
          const part = named[at]!
          if (part.url === undefined) return part
          const { url, ...rest } = part
          const one = await uploads.fetch(url, downloader, signal)
          fetched.push(one)
          return { ...rest, query: { upload: one.upload } }
        },
      )
    })
  } finally {
    for (const { discard } of [received, ...fetched]) await discard()
  }
}

export function optionsOf(question: Asked): QuestionOptions {
  return {
    combine: question.combine,
    judgements: question.feedback,
    limit: question.limit,
    offset: question.offset,
    scoreThreshold: question.score_threshold,
    filter: question.filter,
    sparql: question.sparql,
    hideDuplicates: question.hide_duplicates,
    minMatch: question.min_match,
    cut: question.cut,
    exclude: question.exclude,
    groupBy: question.group_by,
    groupSize: question.group_size,
    diversity: question.diversity,
    sort: question.sort,
    among: question.among,
  }
}
