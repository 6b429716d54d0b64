import { CommandError } from '../failure.ts'
import type { Terminal } from './terminal.ts'

/**
 * Asks before something is lost or paid; anything but a clear yes is a no.
 *
 * @param undone what did not happen where there is no terminal to ask at
 * @throws CommandError where there is none and `--yes` was not given
 */
export async function confirm(
  { ask }: Terminal,
  question: string,
  yes: boolean,
  undone = 'Nothing was deleted',
): Promise<boolean> {
  if (yes) return true
  if (!ask) {
    throw new CommandError(`${undone}: there is no terminal to ask at. Add --yes to go ahead.`)
  }
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim())
}
