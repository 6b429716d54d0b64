import { LookalikeApiError } from '@lookalike/sdk'
import { oneLine } from './terminal/format.ts'

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

/** What to throw when the command line itself is wrong. */
export function usageError(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(message, exitCodes.usage, options)
}

/** What a person is shown of an error: what happened and what to do. */
export function reasonOf(error: unknown): string {
  if (error instanceof LookalikeApiError && error.problem.code === 'unauthorized') {
    return `${error.message} Set LOOKALIKE_API_KEY to one of the server's keys.`
  }
  if (error instanceof LookalikeApiError && error.problem.code === 'forbidden') {
    return `${error.message} LOOKALIKE_API_KEY names it.`
  }
  return error instanceof Error ? error.message : String(error)
}

/** The exit code for an error; what the server calls a bad parameter was one of the command's own. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandError) return error.exitCode
  const isUsage = error instanceof LookalikeApiError && error.problem.code === 'invalid_parameter'
  return isUsage ? exitCodes.usage : exitCodes.failed
}

/** The one form in which errors are printed: a line, and a sentence. */
export function errorLine(text: string): string {
  const line = oneLine(text)
  return `lookalike: ${line}${/[.?!)]$/.test(line) ? '' : '.'}\n`
}
