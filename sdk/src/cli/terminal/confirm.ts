import { createInterface } from 'node:readline/promises'
import { CommandError } from '../failure.ts'
import type { Terminal } from '../session.ts'

/**
 * Asks before something is lost; anything but a clear yes is a no.
 *
 * @throws CommandError where nobody can be asked and `--yes` was not given
 */
export async function confirm(
  terminal: Terminal,
  question: string,
  yes: boolean,
): Promise<boolean> {
  if (yes) return true
  if (!terminal.canAsk) {
    throw new CommandError('Nothing was deleted: nobody can be asked here. Add --yes to go ahead.')
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim())
  } finally {
    prompt.close()
  }
}
