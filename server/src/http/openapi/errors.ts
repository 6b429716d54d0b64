import { catalogue, type ErrorCode } from '../../errors.ts'

/** What can go wrong, by what a call works with: for the `errors` of routes. */
export const picture = [
  'missing_file',
  'invalid_image',
  'image_too_many_pixels',
  'upload_too_large',
  'storage_full',
] as const satisfies ErrorCode[]
export const models = [
  'budget_exhausted',
  'embedder_mismatch',
  'provider_timeout',
  'provider_rejected',
  'provider_unavailable',
] as const satisfies ErrorCode[]
export const store = ['store_unavailable'] as const satisfies ErrorCode[]
/** Qdrant filters a library that it adopted only by the keys that this has indexes for. */
export const filtered = ['store_unavailable', 'unsupported'] as const satisfies ErrorCode[]
export const files = ['files_unavailable'] as const satisfies ErrorCode[]
export const change = ['store_unavailable', 'storage_full'] as const satisfies ErrorCode[]
export const graph = ['unsupported', 'graph_unavailable'] as const satisfies ErrorCode[]
export const graphQuery = [
  ...graph,
  'invalid_query',
  'query_refused',
  'query_too_heavy',
] as const satisfies ErrorCode[]

/** What a route takes and how it is guarded, as far as that tells what can go wrong. */
export interface Call {
  readonly hasParameters: boolean
  readonly hasBody: boolean
  readonly isGuarded: boolean
  /** Whether there are keys that do not open it. */
  readonly isScoped: boolean
  readonly isLimited: boolean
  readonly isAdmitted: boolean
  readonly errors: readonly ErrorCode[]
}

/** The error answers of a call by status, each with the codes that it may have. */
export function errorAnswers(call: Call): Record<number, object> {
  const byStatus = Object.groupBy(errorsOf(call), (code) => catalogue[code].status)
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes]) => [status, answer(Number(status), codes!)]),
  )
}

function errorsOf({
  hasParameters,
  hasBody,
  isGuarded,
  isScoped,
  isLimited,
  isAdmitted,
  errors,
}: Call): ErrorCode[] {
  const always: ErrorCode[] = ['internal', 'unknown_host', 'foreign_origin']
  if (hasParameters || hasBody) always.push('invalid_parameter')
  if (hasBody) always.push('upload_too_large', 'unsupported_media_type', 'request_timeout')
  // The second after too many wrong keys.
  if (isGuarded) always.push('unauthorized', 'rate_limited')
  if (isScoped) always.push('forbidden')
  if (isLimited) always.push('rate_limited')
  if (isAdmitted) always.push('overloaded')
  return [...new Set([...errors, ...always])]
}

function answer(status: number, codes: readonly ErrorCode[]) {
  const [first] = codes
  const example = {
    type: `urn:lookalike:problem:${first}`,
    title: catalogue[first!].title,
    status,
    detail: 'What happened, and what to do.',
    code: first,
    retryable: catalogue[first!].retryable,
    request_id: '0f4d1d4e-3a0c-4c8e-9d0a-6f6a2a7a3c11',
  }
  return {
    description: codes.map((code) => `\`${code}\`: ${catalogue[code].title}.`).join(' '),
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example },
    },
  }
}
