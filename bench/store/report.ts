import type { Latency, Measured } from './measure.ts'

export interface Run {
  readonly size: number
  readonly engine: string
  readonly measured?: Measured
  /** Why there is nothing measured. */
  readonly problem?: string
}

type Column = readonly [title: string, cell: (measured: Measured) => string]

const columns: Column[] = [
  ['p50 ms', ({ search }) => milliseconds(search.p50)],
  ['p99 ms', ({ search }) => milliseconds(search.p99)],
  ['recall@10', ({ search }) => search.recall.toFixed(3)],
  ['50 % p50', ({ filtered }) => latency(filtered.half)],
  ['5 % p50', ({ filtered }) => latency(filtered.twentieth)],
  ['0.1 % p50', ({ filtered }) => latency(filtered.thousandth)],
  ['inserts/s', ({ insertsPerSecond }) => insertsPerSecond.toFixed(0)],
  ['optimise s', ({ optimiseSeconds }) => optimiseSeconds.toFixed(1)],
  ['disk MB', ({ diskMegabytes }) => diskMegabytes.toFixed(0)],
  ['peak MB', ({ peakMegabytes }) => peakMegabytes.toFixed(0)],
]

const loadColumns: Column[] = [
  ['idle p99 ms', ({ search }) => milliseconds(search.p99)],
  ['importing p50 ms', ({ underLoad }) => milliseconds(underLoad!.p50)],
  ['importing p99 ms', ({ underLoad }) => milliseconds(underLoad!.p99)],
  ['longest stall ms', ({ underLoad }) => milliseconds(underLoad!.worstStallMs)],
  ['open ms', ({ reopen }) => milliseconds(reopen!.openMs)],
  ['first answer ms', ({ reopen }) => milliseconds(reopen!.firstAnswerMs)],
]

/** All runs as tables: searching, and what the store alone is asked: load and opening. */
export function markdown(runs: Run[], machine: string): string {
  const sizes = [...new Set(runs.map(({ size }) => size))]
  const parts = sizes.map((size) => {
    const ofSize = runs.filter((run) => run.size === size)
    const stores = ofSize.filter(({ measured }) => measured?.underLoad)
    const title = `### ${size.toLocaleString('en')} vectors`
    return [title, table(ofSize, columns), ...(stores.length > 0 ? [table(stores, loadColumns)] : [])] // prettier-ignore
  })
  return [`Measured on ${machine}.`, ...parts.flat()].join('\n\n')
}

function table(runs: Run[], columns: Column[]): string {
  const head = ['engine', ...columns.map(([title]) => title)]
  const rows = runs.map(({ engine, measured, problem }) =>
    measured
      ? [engine, ...columns.map(([, cell]) => cell(measured))]
      : [engine, problem!, ...columns.slice(1).map(() => '')],
  )
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function latency(found: Latency | undefined): string {
  if (!found) return '-'
  return `${milliseconds(found.p50)}${found.recall < 0.999 ? ` (${found.recall.toFixed(3)})` : ''}`
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0)
}
