import { likenessEnds } from '../../server/src/library/calibration/cut.ts'
import { estimate, type Estimate } from '../bootstrap.ts'
import { backgroundAt, type Found, type JudgedLibrary } from './library.ts'

/** Fixed thresholds that are tried. */
const thresholds = Array.from({ length: 301 }, (_, at) => -0.5 + at * 0.005)

export interface CutFigures {
  /** F1 of the automatic cut, mean over all queries. */
  readonly auto: Estimate
  /** The same of the threshold that is best for this set, chosen with its labels. */
  readonly best: { readonly threshold: number; readonly f1: number }
  readonly f1At: (threshold: number) => number
  /** Results an answer has: the median, and the 95th percentile. */
  readonly shown: { readonly median: number; readonly p95: number }
  /** Of queries whose whole class was taken out of the library, the share that are told that nothing is alike. */
  readonly toldNothing: number
}

/** How well `cut=auto` parts what is of the query's class from what is not. */
export function measureCuts(library: JudgedLibrary): CutFigures {
  const counts = library.rankings.map((ranking, at) => shownOf(library, at, ranking))
  const f1 = library.rankings.map((ranking, at) => f1Of(library, at, ranking, counts[at]!))
  const f1At = (threshold: number) =>
    mean(
      library.rankings.map((ranking, at) =>
        f1Of(library, at, ranking, ranking.filter(({ score }) => score >= threshold).length),
      ),
    )
  const tried = thresholds.map((threshold) => ({ threshold, f1: f1At(threshold) }))
  const sorted = counts.toSorted((a, b) => a - b)
  const without = library.rankings.map((ranking, at) =>
    shownOf(
      library,
      at,
      ranking.filter(({ isRight }) => !isRight),
    ),
  )
  return {
    auto: estimate(f1),
    best: tried.reduce((a, b) => (b.f1 > a.f1 ? b : a)),
    f1At,
    shown: {
      median: sorted[Math.floor(sorted.length / 2)]!,
      p95: sorted[Math.floor(sorted.length * 0.95)]!,
    },
    toldNothing: mean(without.map((count) => Number(count === 0))),
  }
}

/** How many of a ranking the automatic cut leaves. */
function shownOf(library: JudgedLibrary, at: number, ranking: readonly Found[]): number {
  const first = ranking.find(({ isCopy }) => !isCopy)
  const { usualNearest } = library.sample
  const end =
    first && likenessEnds(backgroundAt(library, at), first.score, ranking.length, usualNearest)
  return ranking.filter(({ isCopy, score }) => isCopy || score >= (end ?? Infinity)).length
}

function f1Of(
  library: JudgedLibrary,
  at: number,
  ranking: readonly Found[],
  count: number,
): number {
  const right = ranking.slice(0, count).filter(({ isRight }) => isRight).length
  // 1 where a picture is alone in its class and nothing is shown.
  return count + library.relevant[at]! === 0 ? 1 : (2 * right) / (count + library.relevant[at]!)
}

/** The threshold with which the worst off of all sets and embedders lose least on average, and what each has with it. */
export function bestForAll(all: readonly CutFigures[]): { threshold: number; f1: number[] } {
  const tried = thresholds.map((threshold) => ({
    threshold,
    f1: all.map(({ f1At }) => f1At(threshold)),
  }))
  const worth = ({ f1 }: { f1: number[] }) => mean(f1.map((value, at) => value / all[at]!.best.f1))
  return tried.reduce((a, b) => (worth(b) > worth(a) ? b : a))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
