import { summarise, summariseClasses, type Evaluation, type Summary } from './evaluation.ts'

/** The first embedder's figures at the top, those it is compared with under `compared`. */
export function toJson([first, ...others]: readonly Evaluation[]): string {
  return JSON.stringify({ ...figures(first!), compared: others.map(figures) }, null, 2)
}

function figures(evaluation: Evaluation) {
  const { embedder, dimensions, msPerImage, queries, pairs, nearDuplicates } = evaluation
  return {
    embedder,
    dimensions,
    ms_per_image: round(msPerImage),
    ...means(summarise('all', queries)),
    random_pairs: { median: round(pairs.median), p95: round(pairs.p95) },
    near_duplicates: Object.fromEntries(
      nearDuplicates.map(({ name, recall, medianScore }) => [
        name,
        { recall_at_1: round(recall), median_score: round(medianScore) },
      ]),
    ),
    classes: Object.fromEntries(
      summariseClasses(queries).map((summary) => [summary.label, means(summary)]),
    ),
  }
}

function means({ n, p1, p10, map }: Summary) {
  return {
    n,
    p1: round(p1.mean),
    p10: round(p10.mean),
    map: round(map.mean),
    confidence_95: {
      p1: [round(p1.low), round(p1.high)],
      p10: [round(p10.low), round(p10.high)],
      map: [round(map.low), round(map.high)],
    },
  }
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
