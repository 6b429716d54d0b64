import type { ReindexPlan, ReindexStatus } from '@lookalike/sdk'
import { dollars } from '../costs.ts'
import { counted, duration, oneLine } from '../terminal/format.ts'

/** What a re-index would take, for a person to agree to. */
export function describePlan(plan: ReindexPlan, from: string, to: string): string {
  const { records, describe, embed, cached, from_description, missing_source } = plan
  const money = price(plan.estimated_usd)
  const time = duration(plan.estimated_minutes * 60)
  const lines = [
    from === to ? `${to}, described again` : `From ${from} to ${to}`,
    `${counted(records, 'picture')}: ${describe} to describe, ${embed} to embed, ${cached} remembered`,
    `It takes ${money} and ${time}, by estimate (${plan.basis}); searches go on meanwhile.`,
    ...(from_description > 0
      ? [`${counted(from_description, 'file')} missing: the description stands in for each.`]
      : []),
    ...(missing_source > 0
      ? [`${counted(missing_source, 'record')} without a file cannot be re-embedded.`]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

function price(usd: number | null): string {
  if (usd === null) return 'an unknown price (OPENAI_PRICES)'
  return usd === 0 ? 'no money' : dollars(usd)
}

/** How a re-index ended, and how the neighbours changed. */
export function describeStatus(status: ReindexStatus): string {
  const { state, counts, failures, reason, previous_embedder: from, target_embedder: to } = status
  if (state === 'none') return 'There was no re-index.\n'
  const { total, done, described, embedded, cached } = counts
  const head = `${state}: ${done} of ${total} re-embedded from ${from} to ${to}; described ${described}, embedded ${embedded}, remembered ${cached}.\n`
  const failed = failures.map((each) => `  failed: ${oneLine(each.image_uri)}: ${oneLine(each.reason)}\n`) // prettier-ignore
  const rest = counts.failed - failures.length
  const more = rest > 0 ? `  ... and ${rest} more.\n` : ''
  const why = reason ? `${reason}\n` : ''
  return head + failed.join('') + more + why + (state === 'complete' ? describeOverlap(status) : '')
}

function describeOverlap({ neighbour_overlap, previous_library }: ReindexStatus): string {
  if (!neighbour_overlap) return ''
  const { sampled, mean, same_nearest, lowest } = neighbour_overlap
  const share = `${Math.round(mean * 100)} %`
  const changed = lowest.map(
    ({ shared, compared, image_uri }) =>
      `  ${shared} of ${compared} stayed: ${oneLine(image_uri)}\n`,
  )
  const previous = previous_library
    ? `The previous library is still there: ${previous_library}.\n`
    : ''
  return (
    `Of the ten nearest of ${counted(sampled, 'sampled picture')}, ${share} stayed; ` +
    `${same_nearest} kept the nearest.\n${changed.join('')}${previous}`
  )
}
