import { CommandError } from '../failure.ts'
import type { Terminal } from './terminal.ts'

/**
 * Asks before something is lost; anything but a clear yes is a no.
 *
 * @throws CommandError where nobody can be asked and `--yes` was not given
 */
export async function confirm({ ask }: Terminal, question: string, yes: boolean): Promise<boolean> {
  if (yes) return true
  if (!ask) {
    throw new CommandError('Nothing was deleted: nobody can be asked here. Add --yes to go ahead.')
  }
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim())
}
