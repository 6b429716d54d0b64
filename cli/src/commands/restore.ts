import { interruptible } from '../interrupt.ts'
import { readExport } from '../moving/read-export.ts'
import { restore, type Restored } from '../moving/restore.ts'
import { verifyRankings, type Verdict } from '../moving/verify-rankings.ts'
import { RetryPolicy } from '../retry-policy.ts'
import { withHowToResume } from '../resuming.ts'
import type { Session } from '../session.ts'
import { counted } from '../terminal/format.ts'
import { startProgressBar } from '../terminal/progress-bar.ts'

const howToResume = 'Run the same command again to go on: records that arrived are not sent again.'

/** Takes over the records of an export, then checks that they are all there and rank as they should. */
export async function restoreLibrary(session: Session, path: string): Promise<void> {
  const { client, terminal, json } = session
  const total = path === '-' ? 0 : await countRecords(path)
  const onStopping = () => terminal.err('\nFinishing what is in flight.\n')
  const restored = await interruptible(async (interrupt) => {
    const bar = startProgressBar(terminal, total)
    const retry = new RetryPolicy(interrupt, (seconds) =>
      bar.remark(`waiting ${Math.ceil(seconds)} s for the server`),
    )
    try {
      return await restore(client, retry, path, ({ sent, unchanged }) =>
        bar.update(sent + unchanged, `sent ${sent}, skipped ${unchanged}`),
      )
    } catch (error) {
      throw withHowToResume(error, howToResume)
    } finally {
      bar.stop()
    }
  }, onStopping)
  const verdict = path === '-' ? null : await verifyRankings(client, path, restored.records)
  if (json) await terminal.out(`${JSON.stringify({ ...restored, rankings: verdict })}\n`)
  else await terminal.out(describe(restored) + describeVerdict(verdict))
  if (verdict?.differing.length) session.fail()
}

async function countRecords(path: string): Promise<number> {
  let count = 0
  for await (const _ of readExport(path)) count++
  return count
}

function describe({ records, sent, unchanged, withoutFile }: Restored): string {
  const files =
    withoutFile > 0
      ? `${counted(withoutFile, 'record')} came without a file: import the pictures under the same URIs, ` +
        'or copy the files folder (docs/moving.md).\n'
      : ''
  return `${counted(records, 'record')}: ${sent} sent, ${unchanged} unchanged; all are in the library.\n${files}`
}

function describeVerdict(verdict: Verdict | null): string {
  if (!verdict) return 'Rankings were not compared: standard input cannot be read twice.\n'
  if (verdict.skipped) return `Rankings were not compared: ${verdict.skipped}.\n`
  const same = verdict.compared - verdict.differing.length
  const list = verdict.differing.map((id) => `  differs: ${id}\n`).join('')
  return `${same} of ${counted(verdict.compared, 'sampled query', 'sampled queries')} rank as the export does.\n${list}`
}
