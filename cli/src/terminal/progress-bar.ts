import { duration } from './format.ts'
import type { Terminal } from './terminal.ts'

const redrawMs = 100
const barWidth = 16
/** The rate is that of the last seconds, so that the end time follows a server that slows down. */
const rateWindowMs = 10_000

/** A bar on the terminal's error stream; without a terminal, nothing is written. */
export interface ProgressBar {
  /** @param note what else there is to say, such as counts */
  update(done: number, note: string): void
  /** Shown until the next update. */
  remark(text: string): void
  /** Clears the bar away. */
  stop(): void
}

export function startProgressBar(terminal: Terminal, total: number): ProgressBar {
  if (!terminal.barColumns) return { update: () => {}, remark: () => {}, stop: () => {} }
  let state = { done: 0, note: '' }
  const samples = [{ at: performance.now(), done: 0 }]
  let remark = ''

  const draw = () => {
    const now = performance.now()
    samples.push({ at: now, done: state.done })
    while (samples.length > 2 && now - samples[0]!.at > rateWindowMs) samples.shift()
    const line = describe(state.done, total, rateOf(samples), remark || state.note)
    terminal.err(`\r\x1b[2K${line.slice(0, terminal.barColumns - 1)}`)
  }
  draw()
  const timer = setInterval(draw, redrawMs)
  return {
    update(done, note) {
      state = { done, note }
      remark = ''
    },
    remark(text) {
      remark = text
    },
    stop() {
      clearInterval(timer)
      draw()
      terminal.err('\n')
    },
  }
}

function rateOf(samples: { at: number; done: number }[]): number {
  const [first, last] = [samples[0]!, samples.at(-1)!]
  return last.at > first.at ? ((last.done - first.done) * 1000) / (last.at - first.at) : 0
}

function describe(done: number, total: number, rate: number, note: string): string {
  const share = total > 0 ? done / total : 1
  const filled = Math.round(share * barWidth)
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
  const left = done < total ? (rate > 0 ? duration((total - done) / rate) : '-:--') : '0:00'
  return `${bar} ${done}/${total}  ${rate.toFixed(1)}/s  ETA ${left}  ${note}`
}
