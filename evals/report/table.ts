import { transformationNames } from '../near-duplicates/transformations.ts'
import type { Estimate } from '../bootstrap.ts'
import { summarise, summariseClasses, type Evaluation } from './evaluation.ts'

/** The figures as plain text for a terminal: all embedders side by side, then the first by class. */
export function toTable(evaluations: readonly Evaluation[]): string {
  const parts = [overall(evaluations)]
  if (evaluations.some(({ nearDuplicates }) => nearDuplicates.length > 0)) {
    parts.push(nearDuplicates(evaluations))
  }
  parts.push(byClass(evaluations[0]!))
  return parts.join('\n\n')
}

function overall(evaluations: readonly Evaluation[]): string {
  const head = ['embedder', 'n', 'mAP', 'P@1', 'P@10', 'pairs', 'length', 'ms/image']
  const rows = evaluations.map(({ embedder, dimensions, msPerImage, queries, pairs }) => {
    const { n, map, p1, p10 } = summarise(embedder, queries)
    return [
      embedder,
      String(n),
      ...[map, p1, p10].map(withInterval),
      pairs.median.toFixed(3),
      String(dimensions),
      msPerImage.toFixed(1),
    ]
  })
  return columns([head, ...rows])
}

function nearDuplicates(evaluations: readonly Evaluation[]): string {
  const rows = evaluations.map(({ embedder, nearDuplicates: results }) => [
    embedder,
    ...results.map(({ recall, medianScore }) => `${recall.toFixed(3)} (${medianScore.toFixed(2)})`),
  ])
  const title = 'The original found first, of its changed copy (median score of the two)'
  return `${title}\n${columns([['embedder', ...transformationNames], ...rows])}`
}

function byClass({ embedder, queries }: Evaluation): string {
  const rows = summariseClasses(queries).map(({ label, n, map, p1, p10 }) => [
    label,
    String(n),
    ...[map, p1, p10].map(withInterval),
  ])
  return `By class, ${embedder}\n${columns([['class', 'n', 'mAP', 'P@1', 'P@10'], ...rows])}`
}

export function withInterval({ mean, low, high }: Estimate): string {
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
}

export function columns(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
