import type { KeptJudgement } from '@lookalike/sdk'
import { usageError } from '../failure.ts'
import type { Session } from '../session.ts'
import { confirm } from '../terminal/confirm.ts'
import { table } from '../terminal/table.ts'

const atOnce = 1000

/** Lists judgements that are kept, newest first. */
export async function listFeedback(
  { client, terminal, json }: Session,
  { limit }: { limit: number },
): Promise<void> {
  const all: KeptJudgement[] = []
  let cursor: number | null = null
  let total = 0
  do {
    const size = Math.min(atOnce, limit - all.length)
    const page: Awaited<ReturnType<typeof client.feedback.list>> = await client.feedback.list({
      limit: size,
      ...(cursor === null ? {} : { cursor }),
    })
    all.push(...page.feedback)
    cursor = page.next_cursor
    total = page.total
  } while (cursor !== null && all.length < limit)
  if (json) return terminal.out(`${JSON.stringify(all, null, 2)}\n`)
  if (all.length === 0) return terminal.out('No judgement is kept.\n')
  const columns = [
    { title: 'NUMBER', right: true },
    { title: 'WHEN' },
    { title: 'JUDGEMENT' },
    { title: 'IMAGE' },
    { title: 'QUESTION', stretch: true },
  ]
  const rows = all.map(({ number, judged_at, judgement, image, parts }) => [
    String(number),
    judged_at.slice(0, 16).replace('T', ' '),
    judgement,
    image,
    parts.map(({ filename, text, id, description }) => filename ?? text ?? id ?? description).join(' + '), // prettier-ignore
  ])
  await terminal.out(table(columns, rows, terminal.outColumns))
  if (total > all.length) terminal.err(`${all.length} of ${total}; --limit shows more.\n`)
}

/** Forgets one judgement, or all of them. */
export async function removeFeedback(
  { client, terminal, json }: Session,
  number: number | undefined,
  { all = false, yes = false }: { all?: boolean; yes?: boolean },
): Promise<void> {
  if ((number === undefined) !== all) {
    throw usageError('Name a judgement by its number, or say --all.')
  }
  if (number !== undefined) await client.feedback.remove(number)
  else if (await confirm(terminal, 'Forget all judgements?', yes)) await client.feedback.clear()
  else return terminal.err('Nothing was deleted.\n')
  const removed = number ?? 'all'
  await terminal.out(json ? `${JSON.stringify({ removed })}\n` : `Removed ${removed}.\n`)
}
