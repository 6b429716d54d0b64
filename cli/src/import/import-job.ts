import type { Client } from '@lookalike/sdk'
import { CommandError, reasonOf } from '../failure.ts'
import type { Interrupt } from '../interrupt.ts'
import { Stopped, type RetryPolicy } from '../retry-policy.ts'
import type { UriScheme } from './image-uri.ts'
import type { Details } from './metadata/details.ts'
import type { MovedFiles } from './moved-files.ts'
import type { Outcome } from './report.ts'
import { explained } from './finding/file-errors.ts'
import { nameOf, pictureKindOf, type Source, type Sources } from './finding/sources.ts'

/** What one import is asked to do. */
export interface ImportJob extends Sources {
  readonly scheme: UriScheme
  readonly movedFiles: MovedFiles
  /** @throws Error when what accompanies the picture cannot be read; the picture then fails */
  readonly detailsOf: (source: Source) => Promise<Details>
  /** Pictures that a manifest names and that were not met. */
  readonly unmetRows: () => string[]
  /** Largest file the server accepts. */
  readonly maxBytes: number
  /** Pictures in flight at a time. */
  readonly concurrency: number
  readonly prune: boolean
  readonly yes: boolean
  readonly watch: boolean
}

/** What the steps of an import work with. */
export interface ImportDeps {
  readonly job: ImportJob
  readonly client: Client
  readonly retry: RetryPolicy
  readonly interrupt: Interrupt
  readonly onOutcome: (outcome: Outcome) => void
}

/** One picture's trouble is its own: it is noted, and the others go on. */
export async function settle(
  { onOutcome }: ImportDeps,
  source: Source,
  work: () => Promise<Outcome | null>,
): Promise<void> {
  try {
    const outcome = await work()
    if (outcome) onOutcome(outcome)
  } catch (error) {
    if (error instanceof Stopped) return
    if (error instanceof CommandError) throw error
    const reason = reasonOf(explained(error))
    onOutcome({ source: nameOf(source), outcome: 'failed', kind: pictureKindOf(source), reason })
  }
}
