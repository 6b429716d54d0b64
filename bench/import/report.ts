import { availableParallelism } from 'node:os'

export interface Work {
  readonly seconds: number
  /** Processor time, all threads together; of an import, the server's. */
  readonly cpuSeconds: number
}

/** The same pictures, worked through bare and then imported. */
export interface Turn {
  readonly images: number
  readonly bare: Work
  readonly import: Work
}

export interface Result {
  readonly turns: readonly Turn[]
  /** The whole process of a second import, which finds everything unchanged. */
  readonly againSeconds: number
  /** Of the server: the median of each tenth of the import, in MB. */
  readonly memory: number[]
  /** Null where there were too few pictures to tell. */
  readonly flat: boolean | null
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
  const speeds = results.map(({ turns, againSeconds }) => {
    const bare = sum(turns.map((turn) => turn.bare))
    const imported = sum(turns.map((turn) => turn.import))
    const shares = turns.map((turn) => turn.bare.seconds / turn.import.seconds)
    const cells = [
      (images / bare.seconds).toFixed(1),
      (bare.cpuSeconds / bare.seconds).toFixed(2),
      (images / imported.seconds).toFixed(1),
      (imported.cpuSeconds / imported.seconds).toFixed(2),
      percent(bare.seconds / imported.seconds),
      `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}, median ${percent(median(shares))}`,
      againSeconds.toFixed(2),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const memories = results.map(({ memory, flat }) => {
    const verdict = flat === null ? 'too few' : flat ? 'yes' : 'no'
    const cells = [...memory.map((megabytes) => megabytes.toFixed(0)), verdict]
    return `| ${cells.join(' | ')} |`
  })
  return [
    `${images} pictures, ${availableParallelism()} cores, ${2 * availableParallelism()} in flight, Node ${process.version}`,
    '',
    '| bare, images/s | cores busy | import, images/s | cores busy in the server | share | of a turn | again, s |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...speeds,
    '',
    "The server's resident memory in each tenth of the import, MB:",
    '',
    '| 1st | 2nd | 3rd | 4th | 5th | 6th | 7th | 8th | 9th | 10th | flat |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...memories,
  ].join('\n')
}

function sum(works: Work[]): Work {
  return {
    seconds: works.reduce((total, { seconds }) => total + seconds, 0),
    cpuSeconds: works.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0),
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
