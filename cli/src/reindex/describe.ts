import type { ReindexPlan, ReindexStatus } from '@lookalike/sdk'
import { dollars } from '../costs.ts'
import { counted, duration, oneLine } from '../terminal/format.ts'

/** What a re-index would take, for a person to agree to. */
export function describePlan(plan: ReindexPlan, from: string, to: string): string {
  const { records, describe, embed, nothing, from_description, impossible } = plan
  const money = price(plan.estimated_usd)
  const time = duration(plan.estimated_minutes * 60)
  const lines = [
    from === to ? `${to}, described again` : `From ${from} to ${to}`,
    `${counted(records, 'picture')}: ${describe} to describe, ${embed} to embed, ${nothing} remembered`,
    `It takes ${money} and ${time}, by estimate (${plan.basis}); searches go on meanwhile.`,
    ...(from_description > 0
      ? [`${counted(from_description, 'file')} missing: the description stands in for each.`]
      : []),
    ...(impossible > 0
      ? [`${counted(impossible, 'record')} without a file cannot be re-embedded.`]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

function price(usd: number | null): string {
  if (usd === null) return 'an unknown price (OPENAI_PRICES)'
  return usd === 0 ? 'no money' : dollars(usd)
}

/** How a re-index ended, and how the neighbours moved. */
export function describeStatus(status: ReindexStatus): string {
  const { state, counts, failures, reason, from, to } = status
  if (state === 'none') return 'There was no re-index.\n'
  const { total, done, described, embedded, reused } = counts
  const head = `${state}: ${done} of ${total} re-embedded from ${from} to ${to}; described ${described}, embedded ${embedded}, remembered ${reused}.\n`
  const failed = failures.map((each) => `  failed: ${oneLine(each.image_uri)}: ${oneLine(each.reason)}\n`) // prettier-ignore
  const rest = counts.failed - failures.length
  const more = rest > 0 ? `  ... and ${rest} more.\n` : ''
  const why = reason ? `${reason}\n` : ''
  return head + failed.join('') + more + why + (state === 'complete' ? describeMoves(status) : '')
}

function describeMoves({ report, kept }: ReindexStatus): string {
  if (!report) return ''
  const { sampled, mean_overlap, same_first, most_moved } = report
  const share = `${Math.round(mean_overlap * 100)} %`
  const moved = most_moved.map(
    (move) => `  ${move.kept} of ${move.of} stayed: ${oneLine(move.image_uri)}\n`,
  )
  const previous = kept ? `The previous library is still there: ${kept}.\n` : ''
  return (
    `Of the ten nearest of ${counted(sampled, 'sampled picture')}, ${share} stayed; ` +
    `${same_first} kept the nearest.\n${moved.join('')}${previous}`
  )
}
