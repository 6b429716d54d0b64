import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { CommandError, exitCodes } from '../failure.ts'
import { counted } from '../terminal/format.ts'
import { folderKind, sidecar } from './finding/sources.ts'

const maxShownFailures = 20
/** What a manifest says of a picture that was not met. */
export const rowWithoutPicture = 'manifest row'

/** What became of one picture. */
export interface Outcome {
  /** The file or address. */
  readonly source: string
  readonly outcome: 'sent' | 'updated' | 'unchanged' | 'moved' | 'removed' | 'failed' | 'left_out'
  /** What the file is, such as `HEIC` or `video`. */
  readonly kind?: string
  readonly image_uri?: string
  readonly id?: string
  readonly sha256?: string
  /** Why it failed, or was left out. */
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
  readonly counts = { sent: 0, updated: 0, unchanged: 0, moved: 0, removed: 0, failed: 0, left_out: 0 } // prettier-ignore
  /** How many of each kind are in the library now, failed, and were left out. */
  readonly kinds: Record<'read' | 'failed' | 'left_out', Record<string, number>> = {
    read: {},
    failed: {},
    left_out: {},
  }
  readonly failures: Outcome[] = []
  readonly #unmet: string[] = []
  readonly #file: WriteStream | null

  constructor(file: WriteStream | null) {
    this.#file = file
  }

  add(outcome: Outcome): void {
    if (outcome.kind !== sidecar) this.counts[outcome.outcome]++
    // The rest is counted, and in the file: memory must not grow with what goes wrong.
    if (outcome.outcome === 'failed' && this.failures.length < maxShownFailures) {
      this.failures.push(outcome)
    }
    this.#countKind(outcome)
    this.#file?.write(`${JSON.stringify(outcome)}\n`)
  }

  #countKind({ source, outcome, kind }: Outcome): void {
    if (!kind || outcome === 'removed') return
    if (kind === rowWithoutPicture && this.#unmet.length < maxShownFailures)
      this.#unmet.push(source)
    const isLeftOut = outcome === 'left_out' && kind !== sidecar
    const counts = this.kinds[isLeftOut ? 'left_out' : outcome === 'failed' ? 'failed' : 'read']
    counts[kind] = (counts[kind] ?? 0) + 1
  }

  /** How many pictures have been dealt with. */
  get done(): number {
    const { removed: _, left_out: _left, ...pictures } = this.counts
    const all = Object.values(pictures).reduce((sum, count) => sum + count, 0)
    return all - (this.kinds.failed[folderKind] ?? 0)
  }

  /** For the line of a progress bar. */
  progress(): string {
    const { sent, updated, unchanged, moved, failed } = this.counts
    return `sent ${sent + updated}, skipped ${unchanged + moved}, failed ${failed}`
  }

  summary(seconds: number): string {
    const { left_out: _, ...counts } = this.counts
    const parts = Object.entries(counts).flatMap(([what, count]) =>
      count > 0 ? [`${count} ${what}`] : [],
    )
    const first = `${counted(this.done, 'picture')} in ${seconds.toFixed(1)} s: ${parts.join(', ') || 'nothing to do'}.\n`
    return `${first}${this.#kindsLine()}`
  }

  /** Said where it says more than the line before: of several kinds, or that something was left out. */
  #kindsLine(): string {
    const { read, failed, left_out: leftOut } = this.kinds
    const isPlain = this.counts.left_out === 0 && !failed[folderKind]
    if (isPlain && Object.keys(read).length < 2) return ''
    const parts = [
      ['Read', read],
      ['Not read', failed],
      ['Left out', leftOut],
    ] as const
    const said = parts.flatMap(([title, kinds]) => {
      const counts = Object.entries(kinds).toSorted(([, one], [, other]) => other - one)
      const words = counts.map(([kind, count]) => (isCountable(kind) ? counted(count, kind) : `${count} ${kind}`)) // prettier-ignore
      return words.length > 0 ? [`${title}: ${words.join(', ')}.`] : []
    })
    return `${said.join(' ')}\n`
  }

  /** Rows of a manifest that met no picture, named. */
  unmetLines(): string[] {
    const names = this.#unmet
    const more = (this.kinds.left_out[rowWithoutPicture] ?? 0) - names.length
    return names.length === 0 ? [] : [`Rows of the manifest that met no picture: ${names.join(', ')}${more > 0 ? `, and ${more} more` : ''}.\n`] // prettier-ignore
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

/** Names of formats have no plural: 2 HEIC, and 2 videos. */
function isCountable(kind: string): boolean {
  return /[a-z]$/.test(kind) && kind !== 'WebP'
}
