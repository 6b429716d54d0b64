import type { Client, ImportEstimate } from '@lookalike/sdk'
import { dollars, estimateOf } from '../costs.ts'
import { confirm } from '../terminal/confirm.ts'
import { counted } from '../terminal/format.ts'
import { startProgressBar } from '../terminal/progress-bar.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { ImportDeps } from './import-job.ts'
import { prepareAll } from './prepare.ts'

/**
 * Says what an import will cost before anything is paid, and asks whether it shall be. Where no model
 * is paid there is nothing to agree to.
 *
 * @returns whether to go on
 * @throws CommandError where something is to be paid, there is no terminal to ask at, and no `--yes`
 */
export async function agreeToCost(terminal: Terminal, deps: ImportDeps): Promise<boolean> {
  const { job, client, interrupt } = deps
  const single = await estimateOf(client, 1)
  if (!single) return true
  const images = await countNew(terminal, deps)
  if (interrupt.stopping.aborted) return true
  const estimate = images > 0 ? await client.estimateImport(images) : null
  if (estimate) terminal.err(await describe(client, estimate))
  // What arrives later cannot be asked about: nobody may be there.
  const isFree = job.watch ? single.estimated_usd === 0 : !estimate || estimate.estimated_usd === 0
  if (isFree) return true
  const question = job.watch ? 'Go ahead, and pay for what arrives later?' : 'Go ahead?'
  return confirm(terminal, question, job.yes, 'Nothing was sent')
}

/** How many different pictures the library has under no URI: those that it has are not paid again. */
async function countNew(terminal: Terminal, deps: ImportDeps): Promise<number> {
  const { sources } = deps.job
  const contents = new Set<string>()
  const bar = startProgressBar(terminal, sources.length)
  let done = 0
  try {
    // Failures are reported when the pictures are sent.
    for await (const prepared of prepareAll({ ...deps, onOutcome: () => {} }, sources)) {
      if (prepared.known.length === 0) contents.add(prepared.sha256 ?? prepared.uri)
      bar.update(++done, 'looking for new ones')
    }
  } finally {
    bar.stop()
  }
  return contents.size
}

async function describe(client: Client, estimate: ImportEstimate): Promise<string> {
  const { images, estimated_usd: usd, estimated_minutes: minutes, basis } = estimate
  const cost = usd === null ? 'at a price that is not known here' : `about ${dollars(usd)}`
  const figures =
    basis === 'measured' ? "by this server's calls so far" : 'by typical figures, for it has asked none yet' // prettier-ignore
  const { month } = await client.usage({ days: 1 })
  const left = month.budget_usd === null ? null : month.budget_usd - month.estimated_usd
  const warning =
    usd !== null && left !== null && usd > left
      ? `This month's budget leaves ${dollars(Math.max(0, left))}: the rest will be refused.\n`
      : ''
  const pictures = counted(images, 'new picture').replace(/^\d+/, images.toLocaleString('en'))
  return `${pictures}: ${cost}, ${roughly(minutes)} (${figures}).\n${warning}`
}

function roughly(minutes: number): string {
  if (minutes < 1) return 'less than a minute'
  if (minutes < 120) return `about ${counted(Math.round(minutes), 'minute')}`
  return `about ${counted(Math.round(minutes / 60), 'hour')}`
}
