import type { ReindexPlan } from '@lookalike/sdk'
import { describePlan, describeStatus } from '../reindex/describe.ts'
import { watchReindex } from '../reindex/watch.ts'
import type { Session } from '../session.ts'
import { confirm } from '../terminal/confirm.ts'
import { counted } from '../terminal/format.ts'

export interface ReindexCommandOptions {
  dryRun?: boolean
  describeAgain?: boolean
  dropFailed?: boolean
  yes?: boolean
  stop?: boolean
}

/** Starts a re-index, or joins the one that is running, and stays until it ends. */
export async function reindexLibrary(
  session: Session,
  options: ReindexCommandOptions,
): Promise<void> {
  const { client, terminal, json } = session
  const print = (value: object, text: string) =>
    terminal.out(json ? `${JSON.stringify(value, null, 2)}\n` : text)
  if (options.stop) {
    const status = await client.stopReindex()
    return print(status, describeStatus(status))
  }
  const before = await client.reindexStatus()
  let total = before.counts.total
  if (before.state !== 'running' || options.dryRun) {
    const { embedder, target_embedder: target } = await client.info()
    if (embedder.id === target && !options.describeAgain) {
      const text = `The library is made by ${target}, as the settings say: nothing to do. New settings count once the server is restarted.\n`
      return print(before, text)
    }
    const plan = await client.planReindex(options)
    const text = describePlan(plan, embedder.id, target)
    if (options.dryRun) return print(plan, text)
    terminal.err(text)
    if (!(await agreed(session, plan, options))) return terminal.err('Nothing was started.\n')
    total = plan.records
    await client.startReindex(options)
  }
  const status = await watchReindex(session, total)
  await print(status, describeStatus(status))
  if (status.state !== 'complete') session.fail()
}

/** What costs nothing and loses nothing needs no agreement where there is no terminal. */
async function agreed(
  { client, terminal }: Session,
  plan: ReindexPlan,
  { yes = false, dropFailed = false }: ReindexCommandOptions,
): Promise<boolean> {
  if (dropFailed) {
    const { counts, state } = await client.reindexStatus()
    const known = Math.max(plan.missing_source, state === 'failed' ? counts.failed : 0)
    terminal.err(
      `${counted(known, 'record')} known to fail, and any that fails now, will be deleted.\n`,
    )
  }
  const free = plan.estimated_usd === 0 && !dropFailed
  if (free && !terminal.ask) return true
  return confirm(terminal, 'Start?', yes, 'Nothing was started')
}
