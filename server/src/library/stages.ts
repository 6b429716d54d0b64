import type { EmbedContext, EmbedStage } from '../embedders/embedder.ts'

export type Stage = 'receive' | 'decode' | EmbedStage | 'search' | 'store'
export type Timings = Partial<Record<Stage, number>> & { total: number }
export type StageListener = (stage: Stage, elapsedMs: number) => void

/** Of `performance.now`. */
interface Interval {
  readonly stage: Stage
  readonly from: number
  readonly to: number
}

/** One request of a caller: where its stages are timed, and what ends it early. */
export interface Run {
  readonly stages: Stages
  readonly signal: AbortSignal
}

/** What an embedder is to know of a run. */
export function embedContext({ stages, signal }: Run): EmbedContext {
  return { signal, onStage: (stage) => stages.begin(stage) }
}

/** Times the stages of one request, each from its beginning to the next one's, and reports them live. */
export class Stages {
  #listener: StageListener | undefined
  readonly #start = performance.now()
  readonly #spent: Partial<Record<Stage, number>> = {}
  readonly #intervals: Interval[] = []
  #current: { stage: Stage; since: number } | undefined

  begin(stage: Stage): void {
    const now = performance.now()
    this.#settle(now)
    this.#current = { stage, since: now }
    this.#listener?.(stage, rounded(now - this.#start))
  }

  /** Reports every stage from now on, the one under way first. */
  listen(listener: StageListener): void {
    this.#listener = listener
    if (this.#current) listener(this.#current.stage, rounded(performance.now() - this.#start))
  }

  /** Milliseconds per stage and in all; ends the current stage. */
  finish(): Timings {
    const now = performance.now()
    this.#settle(now)
    this.#current = undefined
    return { ...this.#spent, total: rounded(now - this.#start) }
  }

  /** When each stage that is over began and ended, in order; one may come more than once. */
  get intervals(): readonly Interval[] {
    return this.#intervals
  }

  /** Milliseconds of the stages that are over. */
  get spent(): Readonly<Partial<Record<Stage, number>>> {
    return this.#spent
  }

  #settle(now: number): void {
    if (!this.#current) return
    const { stage, since } = this.#current
    this.#spent[stage] = rounded((this.#spent[stage] ?? 0) + now - since)
    this.#intervals.push({ stage, from: since, to: now })
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}
