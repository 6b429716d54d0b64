import type { Client } from '@lookalike/sdk'
import { CommandError, reasonOf } from '../failure.ts'
import type { Interrupt } from '../interrupt.ts'
import { Stopped, type Patience } from '../patience.ts'
import type { Details } from './details.ts'
import type { UriScheme } from './image-uri.ts'
import type { Moves } from './moves.ts'
import type { Outcome } from './report.ts'
import type { Source } from './sources.ts'

/** What the steps of an import share. */
export interface SyncParts {
  readonly client: Client
  readonly patience: Patience
  readonly interrupt: Interrupt
  readonly scheme: UriScheme
  readonly moves: Moves
  /** @throws Error when what is told about the picture cannot be read; the picture then fails */
  readonly detailsOf: (source: Source) => Promise<Details>
  /** Largest file the server accepts. */
  readonly maxBytes: number
  /** Pictures in flight at a time. */
  readonly width: number
  readonly onOutcome: (outcome: Outcome) => void
}

/** One picture's trouble is its own: it is noted, and the others go on. */
export async function settle(
  { onOutcome }: SyncParts,
  source: Source,
  work: () => Promise<Outcome | null>,
): Promise<void> {
  try {
    const outcome = await work()
    if (outcome) onOutcome(outcome)
  } catch (error) {
    if (error instanceof Stopped) return
    if (error instanceof CommandError) throw error
    onOutcome({ source: nameOf(source), outcome: 'failed', reason: reasonOf(error) })
  }
}

/** How a picture is called in reports. */
export function nameOf(source: Source): string {
  return 'url' in source ? source.url : source.path
}
