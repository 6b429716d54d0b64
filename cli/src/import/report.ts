import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { CommandError, exitCodes } from '../failure.ts'
import { counted } from '../terminal/format.ts'

const maxShownFailures = 20

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

/**
 * Opens the report of an import.
 *
 * @param path a JSON Lines file that gets one line for each outcome, as it happens
 * @throws CommandError when that file cannot be written
 */
export async function openReport(path?: string): Promise<ImportReport> {
  if (!path) return new ImportReport(null)
  const file = createWriteStream(path)
  try {
    await once(file, 'open')
  } catch (error) {
    const reason = (error as Error).message
    throw new CommandError(`The report cannot be written: ${reason}.`, exitCodes.usage)
  }
  return new ImportReport(file)
}

/** Counts outcomes, keeps the failures that are shown at the end, and writes all to a file if asked. */
export class ImportReport {
  readonly counts = { sent: 0, updated: 0, unchanged: 0, moved: 0, removed: 0, failed: 0 }
  readonly failures: Outcome[] = []
  readonly #file: WriteStream | null

  constructor(file: WriteStream | null) {
    this.#file = file
  }

  add(outcome: Outcome): void {
    this.counts[outcome.outcome]++
    // The rest is counted, and in the file: memory must not grow with what goes wrong.
    if (outcome.outcome === 'failed' && this.failures.length < maxShownFailures) {
      this.failures.push(outcome)
    }
    this.#file?.write(`${JSON.stringify(outcome)}\n`)
  }

  /** How many pictures have been dealt with. */
  get done(): number {
    const { removed: _, ...pictures } = this.counts
    return Object.values(pictures).reduce((sum, count) => sum + count, 0)
  }

  /** For the line of a progress bar. */
  progress(): string {
    const { sent, updated, unchanged, moved, failed } = this.counts
    return `sent ${sent + updated}, skipped ${unchanged + moved}, failed ${failed}`
  }

  summary(seconds: number): string {
    const parts = Object.entries(this.counts).flatMap(([what, count]) =>
      count > 0 ? [`${count} ${what}`] : [],
    )
    return `${counted(this.done, 'picture')} in ${seconds.toFixed(1)} s: ${parts.join(', ') || 'nothing to do'}.\n`
  }

  /** The failures with their reasons, a line each. */
  failureLines(): string[] {
    const lines = this.failures.map(({ source, reason }) => `${source}: ${reason}`)
    const more = this.counts.failed - this.failures.length
    return more > 0 ? [...lines, `... and ${more} more; --report FILE lists all.`] : lines
  }

  async close(): Promise<void> {
    if (!this.#file) return
    this.#file.end()
    await finished(this.#file)
  }
}
