import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { CommandError, exitCodes } from '../failure.ts'
import { detectGraphics, type Graphics } from './pictures.ts'

/** Where a command's output goes, and what the terminal there can do. */
export interface Terminal {
  /** Results: what a pipe wants to have. Resolved when there is room for more. */
  out(text: string): Promise<void>
  /** Progress, warnings and questions: what a person wants to see. */
  err(text: string): void
  /** Columns that results may take; no limit where that is no terminal. */
  readonly outColumns: number
  /** How pictures are shown among results; null where they are not. */
  graphics(): Promise<Graphics | null>
  /** Columns for a progress bar; 0 where it is not shown. */
  readonly barColumns: number
  /** Asks a question; null where there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | null
}

/** The streams of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  const isWatched = stderr.isTTY === true && env['TERM'] !== 'dumb'
  return {
    async out(text) {
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    err: (text) => void stderr.write(text),
    get outColumns() {
      return stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY
    },
    graphics: () => detectGraphics(stdout),
    get barColumns() {
      return isWatched ? stderr.columns : 0
    },
    ask: stdin.isTTY && isWatched ? askPerson : null,
  }
}

async function askPerson(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const leaving = new AbortController()
  // Ctrl-C and Ctrl-D: without a word from us the question would wait for ever.
  prompt.once('SIGINT', () => leaving.abort()).once('close', () => leaving.abort())
  try {
    return await prompt.question(question, { signal: leaving.signal })
  } catch (error) {
    if (!leaving.signal.aborted) throw error
    process.stderr.write('\n')
    throw new CommandError('Stopped.', exitCodes.interrupted, { cause: error })
  } finally {
    prompt.close()
  }
}
