import { z } from 'zod'
import { imageFile, imageUrl } from './images/given.ts'
import { fileFields, imageRecord, recordExample, linkFields } from './images/record.ts'
import { changeFields, noChange, duplicateOf } from './copies.ts'
import { cost, costExample, stage } from './usage.ts'
import { filter } from './values/filter.ts'
import { nullableText } from './values/json.ts'
import { booleanInText, integerInText, jsonInText, numberInText } from './values/text.ts'

/** What a search may be narrowed by, as values; how they are sent is below. */
const limit = z
  .int()
  .min(1, 'must be at least 1')
  .max(100, 'must be at most 100')
  .describe('How many results at most, 1 to 100')
const usualLimit = 10
const scoreThreshold = z
  .number()
  .min(-1, 'must be between -1 and 1')
  .max(1, 'must be between -1 and 1')
  .describe('Only results that score at least this, -1 to 1; 0 means no cut')
const hideDuplicates = z
  .boolean()
  .describe('true: of results that show the same picture, only the best')
const matchWords = ['same', 'near-duplicate', 'strong', 'possible', 'weak'] as const
export const match = z
  .enum(matchWords)
  .describe(
    'How alike two pictures are, in a word that means the same with every embedder and size of library. `same`: ' +
      'the same picture, by its bytes or its pixels, as `change` says; `near-duplicate`: taken for it by its perceptual ' +
      'hash, and not compared; `strong`: at most one unrelated ' +
      'picture in ten searches scores so high; `possible`: at most three do in each; `weak`: more do',
  )
  .meta({ id: 'Match' })
export type Match = z.infer<typeof match>
const foundBy = z
  .enum(['likeness', 'words'])
  .describe(
    'What a result was found by. `words`: all that a text asks for stands in its description, tags, metadata or file name, ' +
      'whatever it scores; `likeness`: its score',
  )
  .meta({ id: 'FoundBy' })
const minMatch = z.enum(matchWords).describe('Only results that match at least so well')
const cut = z
  .enum(['none', 'auto'])
  .describe(
    'auto: stop where likeness ends, and show of pictures that are the same only the best; none: as many as `limit`',
  )
const ranking = z
  .enum(['cosine', 'expanded'])
  .describe(
    'cosine: by `score`; expanded: the first hundred also by how they lie to each other, which finds more of the same kind ' +
      'for a few milliseconds; then `score` does not fall from result to result',
  )
const sparql = z
  .string()
  .describe('SPARQL SELECT whose ?image are the only pictures that may be found')

/** As text, in a query string or a form. */
export const searchParameters = z.object({
  limit: integerInText(limit).default(usualLimit),
  score_threshold: numberInText(scoreThreshold).optional(),
  filter: jsonInText(filter, 'Filter').optional(),
  hide_duplicates: booleanInText(hideDuplicates).optional(),
  min_match: minMatch.optional(),
  cut: cut.default('none'),
  ranking: ranking.default('cosine'),
  sparql: sparql.optional(),
})

const searchFormExample = {
  image_file: 'the bytes of a picture',
  filter: '{"must":[{"key":"album","match":{"value":"Harz"}}]}',
}

export const searchForm = searchParameters
  .extend({ image_file: imageFile.optional(), image_url: imageUrl })
  .describe('A picture, as `image_file` or `image_url`, and what is asked about it')
  .meta({ id: 'SearchForm', examples: [searchFormExample] })

export const textSearchRequest = z
  .object({
    query: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(8000)
      .describe('What the pictures show, in words'),
    limit: limit.default(usualLimit),
    score_threshold: scoreThreshold.optional(),
    filter: filter.optional(),
    hide_duplicates: hideDuplicates.optional(),
    min_match: minMatch.optional(),
    cut: cut.default('none'),
    sparql: sparql.optional(),
  })
  .describe('A description of pictures, and what is asked about it')
  .meta({ id: 'TextSearchRequest', examples: [{ query: 'a fox in the snow', limit: 5 }] })

const queryExample = {
  filename: 'other-fox.png',
  sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  width: 640,
  height: 480,
  format: 'png',
  bytes: 412_080,
}

export const searchQuery = z
  .object({
    filename: nullableText.describe('The name that the file was sent with'),
    ...fileFields,
  })
  .describe('What is known of the picture that was asked about; null where no file was sent')
  .meta({ id: 'SearchQuery', examples: [queryExample] })
export type SearchQuery = z.infer<typeof searchQuery>

const { id, image_uri, description, tags, metadata, width, height, thumbhash } = imageRecord.shape

export const resultExample = {
  id: recordExample.id,
  image_uri: recordExample.image_uri,
  score: 0.874,
  match: 'strong' as const,
  surprise: 5.21,
  found_by: 'likeness' as const,
  description: recordExample.description,
  tags: recordExample.tags,
  metadata: recordExample.metadata,
  image_url: recordExample.image_url,
  thumbnail_url: recordExample.thumbnail_url,
  width: 1600,
  height: 1067,
  thumbhash: recordExample.thumbhash,
  ...noChange,
  duplicate_of: null,
}

export const searchResult = z
  .object({
    id,
    image_uri,
    score: z.number().describe('Cosine similarity, 1 for the same picture; higher is closer'),
    match: match
      .nullable()
      .describe('How alike it is, in a word; null while the library is too small to tell'),
    surprise: z
      .number()
      .min(0)
      .nullable()
      .describe(
        'How rare such a score is among pictures that are unrelated to the query: 3 means that one of 10^3 scores ' +
          'so high; null while the library is too small to tell',
      ),
    found_by: foundBy,
    description,
    tags,
    metadata,
    ...linkFields,
    width,
    height,
    thumbhash,
    ...changeFields('the picture that was asked about'),
    duplicate_of: duplicateOf,
  })
  .describe('A picture of the library that was found')
  .meta({ id: 'SearchResult', examples: [resultExample] })
export type SearchResult = z.infer<typeof searchResult>

const calibrationExample = { sure: true, pictures: 256, detail: null }
export const calibration = z
  .object({
    sure: z.boolean().describe('Whether the library is large enough for `match` to be relied on'),
    pictures: z
      .int()
      .describe('With how many pictures, drawn from the library at random, the query was compared'),
    detail: nullableText.describe('Why it is not sure; null where it is'),
  })
  .describe('What the matches of an answer rest on')
  .meta({ id: 'Calibration', examples: [calibrationExample] })
export type Calibration = z.infer<typeof calibration>

export const searchResponseExample = {
  query_image: 'A fox on a meadow, seen from the side.',
  query: queryExample,
  results: [resultExample],
  total_found: 1,
  calibration: calibrationExample,
  cut_score: null,
  nearest: null,
  note: null,
  engine: 'exact' as const,
  coverage: 'all' as const,
  embedder: 'visual:3@224',
  ...costExample,
}

export const searchResponse = z
  .object({
    query_image: z
      .string()
      .describe('The description of the picture that was asked about; of a text, the text'),
    query: searchQuery,
    results: z.array(searchResult).describe('Best first'),
    total_found: z.int().describe('How many results there are'),
    calibration,
    cut_score: z
      .number()
      .nullable()
      .describe('The score at which `cut=auto` stopped; null where nothing was cut'),
    nearest: searchResult
      .nullable()
      .describe('The nearest picture, where `cut` or `min_match` left no result'),
    note: nullableText.describe(
      'Why there is no result, or that none of them is clearly what a text asks for, in words; null where there is nothing to say',
    ),
    engine: z
      .enum(['exact', 'approximate'])
      .describe(
        'exact: the query was compared with every image that passes; approximate: with those that an index proposed, which may miss one',
      )
      .meta({ id: 'SearchEngine' }),
    walk: z
      .enum(['graph', 'acorn'])
      .describe(
        'How Qdrant went through its graph: by the links that it has for a filter or, where these do not carry it, by acorn, which is slower',
      )
      .meta({ id: 'SearchWalk' })
      .optional(),
    coverage: z
      .enum(['all', 'one_copy'])
      .describe(
        'all: every image was within reach; one_copy: a node of the store is gone, and the newest images may be missing',
      )
      .meta({ id: 'SearchCoverage' }),
    embedder: z.string().describe('Id of the embedder whose vectors were compared'),
    ...cost,
  })
  .describe('What was found, and what it took')
  .meta({
    id: 'SearchResponse',
    examples: [searchResponseExample],
  })
export type SearchResponse = z.infer<typeof searchResponse>

export const searchEvents = z
  .string()
  .describe('Server-sent events: `stage` with a StageEvent, then `result` or `error`')
  .meta({ examples: ['event: stage\ndata: {"stage":"embed","elapsed_ms":12.4}\n\n'] })

export const stageEvent = z
  .object({
    stage,
    elapsed_ms: z.number().describe('Milliseconds from the beginning of the request'),
  })
  .describe('Sent as each stage of a search begins')
  .meta({ id: 'StageEvent', examples: [{ stage: 'embed', elapsed_ms: 12.4 }] })
export type StageEvent = z.infer<typeof stageEvent>
