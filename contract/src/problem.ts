import { z } from 'zod'

/** Everything that goes wrong on purpose, and what each of it is called. */
export const errorCode = z
  .enum([
    'missing_file',
    'invalid_image',
    'image_too_many_pixels',
    'invalid_parameter',
    'blocked_url',
    'unreachable_url',
    'invalid_query',
    'query_refused',
    'query_too_heavy',
    'unsupported',
    'budget_exhausted',
    'unauthorized',
    'forbidden',
    'not_found',
    'method_not_allowed',
    'not_acceptable',
    'embedder_mismatch',
    'key_conflict',
    'unknown_words',
    'upload_too_large',
    'unsupported_media_type',
    'uri_too_long',
    'headers_too_large',
    'request_timeout',
    'range_not_satisfiable',
    'unknown_host',
    'foreign_origin',
    'rate_limited',
    'internal',
    'overloaded',
    'provider_timeout',
    'provider_rejected',
    'provider_unavailable',
    'store_unavailable',
    'files_unavailable',
    'graph_unavailable',
    'storage_full',
  ])
  .describe('What went wrong, for programs')
  .meta({ id: 'ErrorCode' })
export type ErrorCode = z.infer<typeof errorCode>

const unknownWord = z
  .object({
    word: z.string().describe('As it was said'),
    nearest: z.array(z.string()).describe('Names that are known and written most like it'),
  })
  .describe('A word of a question that is not known')
  .meta({ id: 'UnknownWord', examples: [{ word: 'dreess', nearest: ['dress'] }] })
export type UnknownWord = z.infer<typeof unknownWord>

export const problem = z
  .object({
    type: z.string().describe('A URI of the kind of problem'),
    title: z.string().describe('What kind of problem it is, in a few words'),
    status: z.int().describe('The HTTP status'),
    detail: z.string().describe('What happened and what to do'),
    code: errorCode,
    retryable: z
      .boolean()
      .describe(
        'Whether the same request can succeed later, after `Retry-After` where that is sent',
      ),
    request_id: z.string().describe("Names this request in the server's log"),
    parts: z
      .array(z.int())
      .optional()
      .describe('Of a question of several parts, those that it is about, from 0'),
    words: z
      .array(unknownWord)
      .optional()
      .describe('With `unknown_words`, those words of the text that are not known'),
  })
  .describe('What went wrong and what to do: RFC 9457 problem details')
  .meta({
    id: 'Problem',
    examples: [
      {
        type: 'urn:lookalike:problem:invalid_image',
        title: 'This is not an image Lookalike can read',
        status: 400,
        detail: 'The file is plain text. Send a JPEG, PNG, WebP, GIF, AVIF or TIFF.',
        code: 'invalid_image',
        retryable: false,
        request_id: '0f4d1d4e-3a0c-4c8e-9d0a-6f6a2a7a3c11',
      },
    ],
  })

/** RFC 9457 problem details: the body of every error answer. */
export type Problem = z.infer<typeof problem>
