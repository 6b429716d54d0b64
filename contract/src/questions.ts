import { z } from 'zod'
import { imageFile, imageUrl } from './images/given.ts'
import { imageId, recordExample } from './images/record.ts'
import {
  resultExample as searchResultExample,
  searchQuery,
  searchResponse,
  searchResponseExample,
  searchResult,
  textSearchRequest,
} from './search.ts'
import { nullableText } from './values/json.ts'
import { jsonInText } from './values/text.ts'

/** Parts that a question may have. */
export const maxParts = 10

const fraction = z.number().min(0, 'must be between 0 and 1').max(1, 'must be between 0 and 1')
const region = z
  .tuple([fraction, fraction, fraction, fraction])
  .refine(
    ([x, y, width, height]) =>
      width > 0 && height > 0 && x + width <= 1.000001 && y + height <= 1.000001,
    {
      error:
        'must be x, y, width and height within the picture, in fractions of its upright width and height',
    },
  ) // prettier-ignore
  .describe(
    'Only that part of the picture: x, y, width and height in fractions of its upright width and height. It is cut out ' +
      'of the picture as it was decoded at full size, up to 8192 pixels a side, and embedded by itself',
  )

const part = z
  .strictObject({
    file: z.int().min(0).optional().describe('A picture: which `image_file` of the form, from 0'),
    url: imageUrl.describe('Or one that the server fetches from there'),
    id: imageId.optional().describe('Or an image of the library'),
    text: textSearchRequest.shape.query.optional().describe('Or words'),
    weight: z
      .number()
      .min(-100, 'must be between -100 and 100')
      .max(100, 'must be between -100 and 100')
      .refine((weight) => weight !== 0, 'must not be 0: leave the part out')
      .default(1)
      .describe('How much it counts; below 0: results are to be unlike it'),
    region: region.optional(),
  })
  .superRefine(({ file, url, id, text, region: cut }, context) => {
    const named = [file, url, id, text].filter((each) => each !== undefined).length
    if (named !== 1)
      context.addIssue({
        code: 'custom',
        message: 'must have exactly one of file, url, id and text',
      })
    if (text !== undefined && cut)
      context.addIssue({
        code: 'custom',
        path: ['region'],
        message: 'is for pictures, and this part is words',
      })
  }) // prettier-ignore
  .describe('A part of a question: a picture, an image of the library, or words')
  .meta({ id: 'QuestionPart', examples: [{ file: 0, weight: 1 }] })

const key = z.string().min(1).max(1000)
const sort = z
  .union([
    z.strictObject({
      key: key.describe('A metadata key, as in filters; numbers before texts, what lacks it last'),
      order: z.enum(['asc', 'desc']).default('asc'),
    }),
    z.strictObject({ random: z.int().describe('In an order that this number decides') }),
  ])
  .describe('The order of the nearest, `among` of them, instead of best first')

const judgedIds = z.array(imageId).max(100, 'must be at most 100')
const feedback = z
  .strictObject({
    relevant: judgedIds.default([]).describe('Images that are right'),
    irrelevant: judgedIds.default([]).describe('Images that are wrong'),
  })
  .describe(
    'What somebody found right and wrong among the results: the question q0 becomes unit(q0 + 0.75 mean(relevant) - 0.15 mean(irrelevant)), ' +
      'relevance feedback by Rocchio. Judged images stay in the results; those that are gone count for nothing',
  )
  .meta({ id: 'QuestionFeedback', examples: [{ relevant: [recordExample.id], irrelevant: [] }] })

const { limit, score_threshold, filter, hide_duplicates, min_match, cut, sparql } =
  textSearchRequest.shape

const questionExample = {
  parts: [{ file: 0 }, { id: recordExample.id, weight: -0.5 }, { text: 'at night' }],
  limit: 5,
}

/** What is asked, as JSON; a key that is misspelled would ask for something else, and say nothing. */
export const question = z
  .strictObject({
    parts: z
      .array(part)
      .min(1, 'must have at least one part')
      .max(maxParts, `must have at most ${maxParts} parts`)
      .describe('What results are to be like, or unlike'),
    combine: z
      .enum(['sum', 'all'])
      .default('sum')
      .describe(
        'sum: near to the sum of the unit vectors of all parts, each times its weight, at length 1 again. all: like every ' +
          'part: ranked by the part that it is least like, in terms of how rare such a score is for that part, or by the lowest ' +
          'score where the library is too small to tell; and less like each part with a weight below 0. Of weights only the sign counts',
      ),
    feedback: feedback.optional(),
    limit,
    offset: z.int().min(0).max(1000).default(0).describe('How many results, or groups, to skip'),
    score_threshold,
    filter,
    sparql,
    hide_duplicates,
    min_match,
    cut,
    exclude: z.array(imageId).max(1000).default([]).describe('Images that are not to be found, beside those of the parts'),
    group_by: key
      .optional()
      .describe('A metadata key: results of one value stand together, in the order of the best of each; `limit` and `offset` count groups'),
    group_size: z.int().min(1).max(20).default(1).describe('Of each group at most so many'),
    diversity: z
      .number()
      .min(0, 'must be between 0 and 1')
      .max(1, 'must be between 0 and 1')
      .default(0)
      .describe(
        'How much the results are to differ from each other: the nearest, `among` of them, in the order of maximal marginal relevance with lambda = 1 - diversity',
      ),
    sort: sort.optional(),
    among: z.int().min(1).max(1000).default(100).describe('How many of the nearest `sort` and `diversity` put in order; the others follow'),
  })
  .superRefine(({ parts, combine, feedback: judged, cut: stop, sort: order, diversity }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (!parts.some(({ weight }) => weight > 0)) refuse('parts', 'must have one with a weight above 0: something that results are like')
    if (combine === 'all' && judged) refuse('feedback', 'has no meaning with combine=all: it moves a sum')
    if (combine === 'all' && stop === 'auto') refuse('cut', 'has no meaning with combine=all: use min_match')
    if (order && diversity > 0) refuse('sort', 'and diversity are two orders: choose one')
  })
  .describe('A question of several parts')
  .meta({ id: 'Question', examples: [questionExample] }) // prettier-ignore
export type Question = z.input<typeof question>

/** The text fields of the form; the files are read by themselves. */
export const questionFields = z.object({ question: jsonInText(question, 'Question') })

export const questionForm = questionFields
  .extend({
    image_file: z
      .array(imageFile)
      .max(maxParts)
      .optional()
      .describe('Pictures that parts name by their place'),
  })
  .describe('A question, and the pictures in it')
  .meta({ id: 'QuestionForm', examples: [{ question: JSON.stringify(questionExample) }] })

const askedPart = z
  .object({
    id: imageId.nullable().describe('Of an image of the library'),
    weight: z.number().describe('How much it counted'),
    description: z.string().describe('Of the picture, or of its region; of words, the words'),
    query: searchQuery,
  })
  .describe('A part of a question, as it was understood')
  .meta({
    id: 'AskedPart',
    examples: [
      {
        id: null,
        weight: 1,
        description: 'at night',
        query: { filename: null, sha256: null, width: null, height: null, format: null, bytes: null },
      },
    ],
  }) // prettier-ignore

const resultExample = {
  ...searchResultExample,
  part_scores: [0.81, 0.12, 0.3],
}
const questionResult = searchResult
  .extend({
    part_scores: z.array(z.number()).describe('Its cosine similarity with each part, in their order'),
  })
  .describe('A picture of the library that was found')
  .meta({ id: 'QuestionResult', examples: [resultExample] }) // prettier-ignore

const resultGroup = z
  .object({
    value: nullableText.describe('The value of the key, as JSON; null for an image that has none, which is a group of its own'),
    ids: z.array(imageId).describe('The results in it'),
  })
  .describe('Results that have a value in common')
  .meta({ id: 'ResultGroup', examples: [{ value: '"Harz"', ids: [recordExample.id] }] }) // prettier-ignore

export const questionResponse = searchResponse
  .extend({
    results: z.array(questionResult).describe('Best first, or in the order that was asked for'),
    parts: z.array(askedPart).describe('The parts of the question, as they were understood'),
    groups: z.array(resultGroup).nullable().describe('In the order of `results`; null where none were asked for'),
    next_offset: z.int().nullable().describe('Where the next page begins; null at the end'),
    complete: z
      .boolean()
      .describe(
        'false: more images would have to be looked at to be sure that none belongs here: with `all` one that is no part\'s near neighbour, and with groups or duplicates one behind so many of the same',
      ),
  })
  .describe('What was found, and what it took')
  .meta({
    id: 'QuestionResponse',
    examples: [
      {
        ...searchResponseExample,
        results: [resultExample],
        parts: [],
        groups: null,
        next_offset: null,
        complete: true,
      },
    ],
  }) // prettier-ignore
export type QuestionResponse = z.infer<typeof questionResponse>
