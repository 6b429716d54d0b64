import { counted, oneLine } from '../terminal/format.ts'
import type { Outcome } from './report.ts'

const shownFailures = 20

/** Counts outcomes and keeps the failures that will be shown at the end. */
export class Tally {
  readonly counts = { sent: 0, updated: 0, unchanged: 0, moved: 0, removed: 0, failed: 0 }
  readonly failures: Outcome[] = []

  add(outcome: Outcome): void {
    this.counts[outcome.outcome]++
    // The rest is counted, and in the report: memory must not grow with what goes wrong.
    if (outcome.outcome === 'failed' && this.failures.length < shownFailures) {
      this.failures.push(outcome)
    }
  }

  /** How many pictures have been dealt with. */
  get done(): number {
    const { removed: _, ...pictures } = this.counts
    return Object.values(pictures).reduce((sum, count) => sum + count, 0)
  }

  /** For the line of a progress bar. */
  note(): string {
    const { sent, updated, unchanged, moved, failed } = this.counts
    return `sent ${sent + updated}, skipped ${unchanged + moved}, failed ${failed}`
  }

  summary(seconds: number): string {
    const { counts } = this
    const parts = Object.entries(counts).flatMap(([what, count]) =>
      count > 0 ? [`${count} ${what}`] : [],
    )
    return `${counted(this.done, 'picture')} in ${seconds.toFixed(1)} s: ${parts.join(', ') || 'nothing to do'}.\n`
  }

  /** The failures with their reasons, as text. */
  complaints(): string {
    const lines = this.failures.map(({ source, reason }) => `${source}: ${oneLine(reason ?? '')}\n`)
    const more = this.counts.failed - this.failures.length
    return lines.join('') + (more > 0 ? `... and ${more} more; --report FILE lists all.\n` : '')
  }
}
