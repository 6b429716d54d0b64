import type { ErrorCode, Problem } from './contract.ts'

/** A problem of the server's own or, as `unexpected_response`, an answer that is not Lookalike's. */
export interface ApiProblem extends Omit<Problem, 'code'> {
  code: ErrorCode | 'unexpected_response'
}

/** The server answered with an error; `problem` says what happened and what to do. */
export class LookalikeApiError extends Error {
  readonly problem: ApiProblem
  /** Whether the same request can succeed later. */
  readonly retryable: boolean
  /** Seconds after which the server asks to be tried again; null when it did not say. */
  readonly retryAfter: number | null

  constructor(problem: ApiProblem, retryAfter: number | null = null) {
    super(problem.detail)
    this.name = 'LookalikeApiError'
    this.problem = problem
    this.retryable = problem.retryable
    this.retryAfter = retryAfter
  }
}

/** No answer came, or it broke off: the server is down, or something between here and there is. */
export class LookalikeConnectionError extends Error {
  readonly retryable = true

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LookalikeConnectionError'
  }
}

/**
 * Reads the problem details of an error answer. What is not problem details (a proxy's error page,
 * say) becomes one with the code `unexpected_response`, so that callers handle a single shape.
 */
export async function toApiError(response: Response): Promise<LookalikeApiError> {
  const body: unknown = await response.json().catch(() => null)
  const retryAfter = readRetryAfter(response.headers.get('retry-after'))
  return new LookalikeApiError(isProblem(body) ? body : unexpected(response), retryAfter)
}

/** `Retry-After` is a number of seconds or a date: RFC 9110, section 10.2.3. */
function readRetryAfter(header: string | null): number | null {
  if (!header) return null
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null
}

/** The least a body must hold to be shown as problem details. */
export function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false
  const { title, detail, code, retryable } = body as Partial<Problem>
  const texts = [title, detail, code]
  return texts.every((field) => typeof field === 'string') && typeof retryable === 'boolean'
}

/** What proxies answer while the server behind them is busy or away. */
const passingStatuses = new Set([408, 429, 502, 503, 504])

function unexpected(response: Response): ApiProblem {
  return {
    type: 'about:blank',
    title: `HTTP ${response.status} ${response.statusText}`.trim(),
    status: response.status,
    detail:
      'The answer did not come from Lookalike: something in front of it, such as a proxy, may have ' +
      'answered instead. Check the address and that the server is running.',
    code: 'unexpected_response',
    retryable: passingStatuses.has(response.status),
    request_id: response.headers.get('x-request-id') ?? '',
  }
}
