import { randomNumbers } from './random.ts'

export interface Estimate {
  readonly mean: number
  /** 95 % confidence interval. */
  readonly low: number
  readonly high: number
}

const resamples = 1000

/**
 * The mean of `values` and how far it may be trusted: the percentile bootstrap over queries
 * (Efron, Tibshirani, An introduction to the bootstrap, 1993, chapter 13). The same on every run.
 */
export function estimate(values: readonly number[]): Estimate {
  const random = randomNumbers(1)
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0
    for (let draw = 0; draw < values.length; draw++) {
      sum += values[Math.floor(random() * values.length)]!
    }
    return sum / values.length
  }).sort()
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: means[Math.floor(resamples * 0.025)]!,
    high: means[Math.ceil(resamples * 0.975) - 1]!,
  }
}
