import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { CommandError, exitCodes } from '../failure.ts'

/** What became of one picture. */
export interface Outcome {
  /** The file or address. */
  readonly source: string
  readonly outcome: 'sent' | 'updated' | 'unchanged' | 'moved' | 'removed' | 'failed'
  readonly image_uri?: string
  readonly id?: string
  readonly sha256?: string
  /** Why it failed. */
  readonly reason?: string
}

export interface Report {
  write(outcome: Outcome): void
  close(): Promise<void>
}

export const noReport: Report = { write: () => {}, close: async () => {} }

/** Opens a JSON Lines file that gets one line for each outcome, as it happens. */
export async function openReport(path: string): Promise<Report> {
  const stream = createWriteStream(path)
  try {
    await once(stream, 'open')
  } catch (error) {
    const reason = (error as Error).message
    throw new CommandError(`The report cannot be written: ${reason}.`, exitCodes.usage)
  }
  return {
    write: (outcome) => void stream.write(`${JSON.stringify(outcome)}\n`),
    close: async () => {
      stream.end()
      await finished(stream)
    },
  }
}
