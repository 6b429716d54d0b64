import { CommandError, exitCodes } from './failure.ts'
import { GaveUp, Stopped } from './retry-policy.ts'

/**
 * What to throw instead of an error that ended a long command early: the same, with how to go on
 * where going on is possible.
 */
export function withHowToResume(error: unknown, howToResume: string): unknown {
  if (error instanceof Stopped) {
    return new CommandError(`Stopped. ${howToResume}`, exitCodes.interrupted)
  }
  if (!(error instanceof GaveUp)) return error
  return new CommandError(`${error.message} ${howToResume}`, error.exitCode, { cause: error })
}
