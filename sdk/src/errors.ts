import type { Problem } from './types.ts'

/** The server answered with an error; `problem` says what happened and what to do. */
export class LookalikeApiError extends Error {
  readonly problem: Problem
  /** Seconds after which the server asks to be tried again; null when it did not say. */
  readonly retryAfter: number | null

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail)
    this.name = 'LookalikeApiError'
    this.problem = problem
    this.retryAfter = retryAfter
  }
}

/** No answer came, or it broke off: the server is down, or something between here and there is. */
export class LookalikeConnectionError extends Error {
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
  const { title, detail, code } = body as Partial<Problem>
  return [title, detail, code].every((field) => typeof field === 'string')
}

function unexpected(response: Response): Problem {
  return {
    type: 'about:blank',
    title: `HTTP ${response.status} ${response.statusText}`.trim(),
    status: response.status,
    detail:
      'The answer did not come from Lookalike: something in front of it, such as a proxy, may have ' +
      'answered instead. Check the address and that the server is running.',
    code: 'unexpected_response',
    request_id: response.headers.get('x-request-id') ?? '',
  }
}
