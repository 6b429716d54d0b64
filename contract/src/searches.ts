import { z } from 'zod'
import { imageFile } from './images/given.ts'
import { imageId, imageRecord, recordExample } from './images/record.ts'
import { maxParts, question } from './questions.ts'
import { match } from './search.ts'
import { nullableText } from './values/json.ts'
import { booleanInText, integerInText, jsonInText } from './values/text.ts'

const id = z.uuid().describe('Of the search')
export const searchParameter = z.object({ id })
export const searchPartParameters = z.object({
  id,
  part: integerInText(z.int().min(0).max(maxParts - 1)).describe('Which part of the question, from 0'),
}) // prettier-ignore

const name = z.string().trim().min(1, 'must not be empty').max(200).describe('What people call it')
const webhookUrl = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(2000)
  .describe(
    'Where new matches are sent as they come, signed as Standard Webhooks has it; http: or https:, at a public address',
  )

/** The text fields of the form; the files are read by themselves. */
export const searchFields = z.object({
  question: jsonInText(question, 'Question'),
  name,
  webhook: webhookUrl.optional(),
})

const askedExample = { parts: [{ id: recordExample.id }], min_match: 'strong' as const }

export const newSearchForm = searchFields
  .extend({
    image_file: z.array(imageFile).max(maxParts).optional().describe('Pictures that parts name by their place'),
  })
  .describe('A question that is to stand, and the pictures in it')
  .meta({ id: 'NewSearchForm', examples: [{ name: 'Foxes', question: JSON.stringify(askedExample) }] }) // prettier-ignore

export const searchChange = z
  .object({
    name: name.optional(),
    paused: z.boolean().optional().describe('true: pictures that come are passed over until it is false again'),
    webhook: webhookUrl
      .nullable()
      .optional()
      .describe('Where matches are sent from now on, with a new secret; null: nowhere. What waited is given up'),
  })
  .describe('What is to be changed of a search; what is left out stays')
  .meta({ id: 'SearchChange', examples: [{ paused: true }] }) // prettier-ignore

/** A question as it is shown again: whoever reads it knows its shape. */
export const askedQuestion = z
  .looseObject({
    parts: z.array(z.looseObject({})).describe('Its parts, each a QuestionPart'),
  })
  .describe('As it was asked: a Question')
  .meta({ id: 'AskedQuestion', examples: [askedExample] })

export const searchPart = z
  .object({
    id: imageId.nullable().describe('Of an image of the library'),
    text: nullableText.describe('Words'),
    weight: z.number().describe('How much it counts; below 0: matches are unlike it'),
    description: z.string().describe('Of the picture; of words, the words'),
    filename: nullableText.describe('The name that the file was sent with'),
    thumbnail_url: nullableText.describe('Of a picture that was sent, small; null for others'),
  })
  .describe('A part of a question that stands')
  .meta({
    id: 'SearchPart',
    examples: [
      { id: recordExample.id, text: null, weight: 1, description: 'a fox', filename: null, thumbnail_url: null },
    ],
  }) // prettier-ignore

const webhook = z
  .object({
    origin: z.string().describe('Scheme and host; the rest of the address is told to nobody'),
    status: z
      .enum(['ok', 'failing', 'stopped'])
      .describe('failing: tried again, later each time; stopped: nothing more is sent until it is set anew'),
    detail: nullableText.describe('What the last attempt met; null when it was taken'),
    waiting: z.int().describe('Messages that are yet to be taken'),
  })
  .describe('Where matches are sent')
  .meta({
    id: 'SearchWebhook',
    examples: [{ origin: 'https://hooks.example.org', status: 'ok', detail: null, waiting: 0 }],
  }) // prettier-ignore

const searchExample = {
  id: '5b1f0c9e-3c53-4a5f-9b0e-9a1f5a0f8f11',
  name: 'Foxes',
  created_at: '2026-11-26T09:30:00.000Z',
  question: askedExample,
  parts: [
    { id: recordExample.id, text: null, weight: 1, description: 'a fox', filename: null, thumbnail_url: null },
  ],
  min_match: 'strong' as const,
  score_threshold: null,
  state: 'watching' as const,
  detail: null,
  embedder: 'visual:3@224',
  matches: 3,
  unseen: 1,
  forgotten: 0,
  newest_at: '2026-11-26T10:00:00.000Z',
  webhook: null,
} // prettier-ignore

export const standingSearch = z
  .object({
    id,
    name: z.string().describe('What people call it'),
    created_at: z.string().describe('Since when it stands'),
    question: askedQuestion,
    parts: z.array(searchPart).describe('Its parts, as they were understood'),
    min_match: match.nullable().describe('What a picture must match at least; null where only the score counts'),
    score_threshold: z
      .number()
      .nullable()
      .describe('What it must score at least, with `cut=auto` where likeness ended when the search was made; null where only the match counts'),
    state: z
      .enum(['watching', 'paused', 'outdated'])
      .describe('paused: by somebody; outdated: the library was re-indexed, and `detail` says what to do'),
    detail: nullableText.describe('Why it is outdated; null where it is not'),
    embedder: z.string().describe('Id of the embedder that made its vectors'),
    matches: z.int().describe('Pictures that came and matched, as many as are listed: 1000 at most'),
    unseen: z.int().describe('Of these, how many nobody has seen'),
    forgotten: z.int().describe('How many more matched, which are listed no longer'),
    newest_at: nullableText.describe('When the newest came'),
    webhook: webhook.nullable().describe('Where matches are sent; null: nowhere'),
  })
  .describe('A search that stands: it tells of new pictures that match')
  .meta({ id: 'StandingSearch', examples: [searchExample] }) // prettier-ignore
export type StandingSearch = z.infer<typeof standingSearch>

export const madeSearch = standingSearch
  .extend({
    webhook_secret: nullableText.describe('With which messages are signed; told this once. Null where no webhook was set'),
  })
  .describe('A search that was made or changed')
  .meta({ id: 'MadeSearch', examples: [{ ...searchExample, webhook_secret: null }] }) // prettier-ignore
export type MadeSearch = z.infer<typeof madeSearch>

export const searchList = z
  .object({
    searches: z.array(standingSearch).describe('Oldest first'),
    unseen: z.int().describe('Matches that nobody has seen, of all together'),
  })
  .describe('The searches that stand')
  .meta({ id: 'SearchList', examples: [{ searches: [searchExample], unseen: 1 }] })
export type SearchList = z.infer<typeof searchList>

const matchNumber = z.int().min(1)

export const searchMatchParameters = z.object({
  limit: integerInText(z.int().min(1).max(100)).default(50).describe('How many at most, 1 to 100'),
  cursor: integerInText(matchNumber).optional().describe('`next_cursor` of the page before'),
  unseen: booleanInText(z.boolean()).optional().describe('true: only those that nobody has seen'),
})

const matchExample = {
  number: 17,
  score: 0.81,
  match: 'strong' as const,
  surprise: 4.9,
  matched_at: '2026-11-26T10:00:00.000Z',
  seen: false,
  id: recordExample.id,
  image: recordExample,
}

export const searchMatch = z
  .object({
    number: matchNumber.describe('Rises with time'),
    score: z.number().describe('Cosine similarity'),
    match: match
      .nullable()
      .describe(
        'How alike it is, in a word; null where only the score was asked for and the library is too small to tell',
      ),
    surprise: z.number().nullable().describe('How rare such a score is, as in a search'),
    matched_at: z.string().describe('When it was compared'),
    seen: z.boolean().describe('Whether somebody said that it was seen'),
    id: imageId.describe('Of the image'),
    image: imageRecord.nullable().describe('Null when it was deleted since'),
  })
  .describe('A new picture that matched')
  .meta({ id: 'SearchMatch', examples: [matchExample] })
export type SearchMatch = z.infer<typeof searchMatch>

export const searchMatches = z
  .object({
    matches: z.array(searchMatch).describe('Newest first'),
    next_cursor: z.int().nullable().describe('For the next page; null at the end'),
  })
  .describe('A page of what a search has found since it stands')
  .meta({ id: 'SearchMatches', examples: [{ matches: [matchExample], next_cursor: null }] })
export type SearchMatches = z.infer<typeof searchMatches>

export const seenRequest = z
  .object({
    up_to: matchNumber.optional().describe('`number` of the last that was seen; all when absent'),
  })
  .describe('Which matches were seen')
  .meta({ id: 'SeenRequest', examples: [{ up_to: 17 }] })
