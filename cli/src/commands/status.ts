import type { CallTotals, Health, UsageReport } from '@lookalike/sdk'
import { add, dollars, estimateOf, usageByModel } from '../costs.ts'
import type { Session } from '../session.ts'
import { table } from '../terminal/table.ts'
import { facts } from './show.ts'

/** As many as the longest month has. */
const daysOfMonth = 31

/**
 * Shows what runs there, and what its models were asked where they are paid; ends with 1 where the
 * store is away, so that scripts can ask.
 */
export async function showStatus({ client, terminal, json, fail }: Session): Promise<void> {
  const [info, health, estimate] = await Promise.all([
    client.info(),
    client.health(),
    estimateOf(client, 1),
  ])
  const usage = estimate && (await client.usage({ days: daysOfMonth }))
  if (health.status === 'unavailable') fail()
  if (json) return terminal.out(`${JSON.stringify({ ...info, health, usage }, null, 2)}\n`)
  const { limits, embedder, target_embedder: target } = info
  const isPrevious = embedder.id !== target
  await terminal.out(
    facts({
      server: `${info.name} ${info.version}`,
      images: info.images,
      embedder: `${embedder.id} (${embedder.dimensions} dimensions)`,
      ...(isPrevious && {
        'in the settings': `${target}: run \`lookalike reindex\` to change to it`,
      }),
      'text search': textSearch[embedder.text],
      store: `${info.store}: ${health.checks.store.status}. ${health.checks.store.detail}`,
      ...othersOf(health),
      limits: `${limits.max_upload_mb} MB, ${limits.max_megapixels} megapixels, ${limits.formats.join(' ')}`,
      budget: usage && budgetOf(usage),
    }),
  )
  if (usage) await terminal.out(`\n${usageTable(usage, terminal.outColumns)}`)
}

/** The room that is left, the parts that are not well, and what each of them last failed with. */
function othersOf({ checks }: Health): Record<string, string> {
  const { store: _, ...others } = checks
  const free = checks.disk.free_bytes
  const lines = Object.entries(others)
    .filter(([, { status }]) => status !== 'ok')
    .map(([part, { status, detail }]) => [part, `${status}. ${detail}`])
  const errors = Object.entries(checks).flatMap(([part, { last_error: error }]) =>
    error ? [[`${part}, last error`, `${error.at} ${error.code}. ${error.detail}`]] : [],
  )
  return {
    ...(free !== null && { disk: `${(free / 1e9).toFixed(1)} GB left` }),
    ...Object.fromEntries([...lines, ...errors]),
  } as Record<string, string>
}

const textSearch = {
  any: 'any words',
  names: 'names of things: GET /api/vocabulary lists them',
  none: 'no',
}

function budgetOf({ month: { estimated_usd: spent, budget_usd: budget } }: UsageReport): string {
  if (budget === null) return `none; ${dollars(spent)} spent this month`
  const left = Math.max(0, budget - spent)
  return `${dollars(left)} left of ${dollars(budget)} this month; ${dollars(spent)} spent`
}

/** A line for each model that was asked this month, and one for all; days are those of UTC. */
function usageTable(usage: UsageReport, width: number): string {
  const models = usageByModel(usage)
  if (models.length === 0) return 'No model has been asked this month.\n'
  const right = (title: string) => ({ title, right: true })
  const columns = [
    { title: 'MODEL', stretch: true },
    ...['CALLS TODAY', 'TOKENS', 'COST', 'CALLS THIS MONTH', 'TOKENS', 'COST'].map(right),
  ]
  const all = {
    model: 'all',
    today: models.map(({ today }) => today).reduce(add),
    month: models.map(({ month }) => month).reduce(add),
  }
  const shown = models.length > 1 ? [...models, all] : models
  const rows = shown.map(({ model, today, month }) => [model, ...cellsOf(today), ...cellsOf(month)])
  return table(columns, rows, width)
}

function cellsOf(totals: CallTotals): string[] {
  const { calls, input_tokens, output_tokens, estimated_usd, unpriced_calls } = totals
  const cost =
    calls > 0 && unpriced_calls === calls
      ? 'unknown'
      : `${unpriced_calls > 0 ? 'over ' : ''}${dollars(estimated_usd)}`
  return [String(calls), String(input_tokens + output_tokens), cost]
}
