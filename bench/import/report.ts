import { availableParallelism } from 'node:os'
import type { Bare } from './bare.ts'

export interface Result {
  readonly bare: Bare
  /** Images per second over HTTP, and the processors that the server kept busy. */
  readonly import: Bare
  readonly share: number
  /** The whole process of a second import, which finds everything unchanged. */
  readonly againSeconds: number
  /** Of the server: the median of each tenth of the import, in MB. */
  readonly memory: number[]
  readonly flat: boolean
}

/** How much higher the last three tenths may be than the third to fifth and still count as flat. */
const tolerance = 1.1

export function tenths(samples: number[]): number[] {
  return Array.from({ length: 10 }, (_, at) => {
    const from = Math.floor((at * samples.length) / 10)
    return median(samples.slice(from, Math.floor(((at + 1) * samples.length) / 10)))
  })
}

/** Whether memory has stopped growing once threads, caches and heaps have reached their size. */
export function isFlat(memory: number[]): boolean {
  return median(memory.slice(7)) <= tolerance * median(memory.slice(2, 5))
}

export function markdown(results: Result[], images: number): string {
  const speeds = results.map((result) => {
    const { bare, import: imported, share, againSeconds } = result
    const cells = [
      bare.perSecond.toFixed(1),
      bare.cores.toFixed(2),
      imported.perSecond.toFixed(1),
      imported.cores.toFixed(2),
      `${(share * 100).toFixed(0)} %`,
      againSeconds.toFixed(2),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const memories = results.map(({ memory, flat }) => {
    const cells = [...memory.map((megabytes) => megabytes.toFixed(0)), flat ? 'yes' : 'no']
    return `| ${cells.join(' | ')} |`
  })
  return [
    `${images} pictures, ${availableParallelism()} cores, ${2 * availableParallelism()} in flight, Node ${process.version}`,
    '',
    '| bare, images/s | cores busy | import, images/s | cores busy in the server | share | again, s |',
    '| --- | --- | --- | --- | --- | --- |',
    ...speeds,
    '',
    "The server's resident memory in each tenth of the import, MB:",
    '',
    '| 1st | 2nd | 3rd | 4th | 5th | 6th | 7th | 8th | 9th | 10th | flat |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...memories,
  ].join('\n')
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
