import { LookalikeApiError } from '@lookalike/sdk'

export interface Pause {
  /** `away`: no answer; `busy`: it said so; `full`: its disk is; `locked`: a key is needed; `refused`: by all means */
  why: 'away' | 'busy' | 'full' | 'locked' | 'refused'
  reason: string
}

/** What an error means for all that wait. */
export function pauseFor(error: unknown): Pause {
  return { why: whyOf(error), reason: error instanceof Error ? error.message : String(error) }
}

function whyOf(error: unknown): Pause['why'] {
  switch (error instanceof LookalikeApiError ? error.problem.status : 0) {
    case 0:
      return 'away'
    case 401:
      return 'locked'
    case 402:
    case 403:
      return 'refused'
    case 507:
      return 'full'
    default:
      return 'busy'
  }
}

/** How long the server wants to be left alone, in milliseconds; 0 where it did not say. */
export function saidMs(error: unknown): number {
  return error instanceof LookalikeApiError ? (error.retryAfter ?? 0) * 1000 : 0
}

/** What would be said to every other picture as well. */
export function stopsAll(error: unknown): boolean {
  if (!(error instanceof LookalikeApiError)) return false
  return [401, 402, 403, 429, 502, 503, 504, 507].includes(error.problem.status)
}

/** Whether trying again may help. */
export function isPassing(error: unknown): boolean {
  return (error as { retryable?: boolean }).retryable === true
}
