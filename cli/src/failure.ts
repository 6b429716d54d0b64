import { LookalikeApiError } from '@lookalike/sdk'

/** What the process ends with; see `lookalike help`. */
export const exitCodes = { fine: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Ends a command with one clear sentence instead of a stack. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

/** One line for a person: what happened and what to do. */
export function reasonOf(error: unknown): string {
  if (error instanceof LookalikeApiError && error.problem.code === 'unauthorized') {
    return `${error.message} Set LOOKALIKE_API_KEY to one of the server's keys.`
  }
  return error instanceof Error ? error.message : String(error)
}
