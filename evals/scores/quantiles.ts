import type { JudgedLibrary } from './library.ts'

/** How scores of pictures of one class and of different classes are spread. */
interface Quantiles {
  /** What nine of ten and half of the pairs of one class score above. */
  readonly alike: readonly [number, number]
  /** What 90, 95 and 99 % of the pairs of different classes score below. */
  readonly unlike: readonly [number, number, number]
}

export function measureQuantiles({ rankings }: JudgedLibrary): Quantiles {
  const scores = (alike: boolean) =>
    Float64Array.from(
      rankings.flatMap((found) =>
        found.filter(({ isRight }) => isRight === alike).map(({ score }) => score),
      ),
    ).sort()
  const quantile = (sorted: Float64Array, share: number) =>
    sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  const [alike, unlike] = [scores(true), scores(false)]
  return {
    alike: [quantile(alike, 0.1), quantile(alike, 0.5)],
    unlike: [quantile(unlike, 0.9), quantile(unlike, 0.95), quantile(unlike, 0.99)],
  }
}
