import { setTimeout as sleep } from 'node:timers/promises'
import type { ReindexStatus } from '@lookalike/sdk'
import { CommandError, exitCodes } from '../failure.ts'
import { interruptible, type Interrupt } from '../interrupt.ts'
import { RetryPolicy, Stopped } from '../retry-policy.ts'
import type { Session } from '../session.ts'
import { startProgressBar } from '../terminal/progress-bar.ts'

const askEveryMs = 500
const howToGoOn =
  'The server goes on without this window: `lookalike reindex` shows how far it is, ' +
  '`lookalike reindex --stop` stops it.'

/** Shows how far the running re-index is until it ends; Ctrl-C leaves it to the server. */
export async function watchReindex(session: Session, total: number): Promise<ReindexStatus> {
  try {
    return await interruptible(
      (interrupt) => follow(session, interrupt, total),
      () => {},
    )
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    throw new CommandError(howToGoOn, exitCodes.interrupted)
  }
}

async function follow(
  { client, terminal }: Session,
  interrupt: Interrupt,
  total: number,
): Promise<ReindexStatus> {
  const retry = new RetryPolicy(interrupt)
  const ask = () => retry.run((signal) => client.reindexStatus({ signal }))
  let status = await ask()
  const bar = startProgressBar(terminal, total)
  try {
    while (status.state === 'running') {
      bar.update(status.counts.done + status.counts.failed, noteOf(status))
      await sleep(askEveryMs, undefined, { signal: interrupt.stopping }).catch(() => {})
      status = await ask()
    }
    bar.update(status.counts.done + status.counts.failed, noteOf(status))
    return status
  } finally {
    bar.stop()
  }
}

function noteOf({ counts }: ReindexStatus): string {
  const { described, embedded, failed } = counts
  return `described ${described}, embedded ${embedded}, failed ${failed}`
}
