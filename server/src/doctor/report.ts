import { LookalikeError } from '../errors.ts'
import { type CheckName, type Finding, type Findings } from './finding.ts'

/** A finding as it is told, with what became of it. */
export type ToldFinding = Omit<Finding, 'repair'> & {
  readonly check: CheckName
  readonly repairable: boolean
  /** What was done about it; null where nothing was. */
  repaired: string | null
  /** Why it could not be repaired; null where that was not tried, or succeeded. */
  failure: string | null
}

export interface Report {
  readonly dataDir: string
  /** `damaged` as long as anything is that was not repaired. */
  readonly status: 'whole' | 'damaged'
  readonly looked: readonly { readonly check: CheckName; readonly at: string }[]
  readonly findings: readonly ToldFinding[]
  readonly notes: readonly string[]
}

/** Collects what checks say; with `repair` each finding is mended before the next check looks. */
export class Collector {
  readonly #looked: { check: CheckName; at: string }[] = []
  readonly #findings: ToldFinding[] = []
  readonly #notes: string[] = []

  async run(
    check: CheckName,
    look: (findings: Findings) => void | Promise<void>,
    repair: boolean,
  ): Promise<void> {
    const found: Finding[] = []
    try {
      await look({
        found: (finding) => void found.push(finding),
        note: (text) => void this.#notes.push(text),
        looked: (at) => void this.#looked.push({ check, at }),
      })
    } catch (error) {
      if (!(error instanceof LookalikeError)) throw error
      found.push({ code: error.code, message: error.message, count: 1, items: [] })
    }
    for (const { repair: mend, ...finding } of found) {
      const told: ToldFinding = { check, ...finding, repairable: mend !== undefined, repaired: null, failure: null } // prettier-ignore
      this.#findings.push(told)
      if (!repair || !mend) continue
      try {
        told.repaired = await mend()
      } catch (error) {
        told.failure = (error as Error).message
      }
    }
  }

  note(text: string): void {
    this.#notes.push(text)
  }

  report(dataDir: string): Report {
    const isWhole = this.#findings.every(({ repaired }) => repaired !== null)
    return {
      dataDir,
      status: isWhole ? 'whole' : 'damaged',
      looked: this.#looked,
      findings: this.#findings,
      notes: this.#notes,
    }
  }
}
