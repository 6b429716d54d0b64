import type { Seen } from './watched-server.ts'

export interface Row extends Seen {
  readonly name: string
}

/** What nobody should be kept waiting longer than: ms. */
const goalMs = 50

export function markdown(machine: string, records: number, rows: readonly Row[]): string {
  return [
    `${records.toLocaleString('en')} records over HTTP, on ${machine}, Node ${process.version}. Milliseconds:`,
    '',
    '| meanwhile | event loop late, longest | of a processor | p99 | searches, longest | p99 | p50 | seconds | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(line),
  ].join('\n')
}

function line({ name, longest, processor, p99, searches, seconds }: Row): string {
  const sorted = searches.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN // prettier-ignore
  const figures = [longest, processor, p99, sorted.at(-1) ?? NaN, quantile(0.99), quantile(0.5)]
  const verdict = longest > goalMs ? `over ${goalMs} ms` : ''
  return `| ${[name, ...figures.map(ms), seconds.toFixed(1), verdict].join(' | ')} |`
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0)
}
