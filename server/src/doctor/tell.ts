import { checkNames } from './finding.ts'
import type { Report, ToldFinding } from './report.ts'

/** A report for people: what was looked at, what was found, and what was done or can be done. */
export function tell({ dataDir, status, looked, findings, notes }: Report): string {
  const lines = [`Looked through ${dataDir}.`]
  for (const check of checkNames) {
    const seen = looked.filter((each) => each.check === check).map(({ at }) => at)
    const found = findings.filter((each) => each.check === check)
    if (seen.length > 0) lines.push(`  ${check.padEnd(10)} ${seen.join(', ')}`)
    lines.push(...found.flatMap(describe))
  }
  lines.push(...notes.map((note) => `  Note: ${note}`))
  lines.push(conclusion(status, findings))
  return `${lines.join('\n')}\n`
}

/** The same for programs. */
export function asJson({ dataDir, ...report }: Report): string {
  return JSON.stringify({ data_dir: dataDir, ...report }, null, 2)
}

function describe({
  check,
  code,
  message,
  count,
  items,
  repaired,
  failure,
  repairable,
}: ToldFinding) {
  const more = count > items.length && items.length > 0 ? ` and ${count - items.length} more` : ''
  const done =
    repaired !== null
      ? [`      repaired: ${repaired}`]
      : failure !== null
        ? [`      not repaired: ${failure}`]
        : repairable
          ? []
          : ['      takes a person']
  return [
    `  ! ${check}/${code}${count > 1 ? ` (${count})` : ''}: ${message}`,
    ...(items.length > 0 ? [`      ${items.join(', ')}${more}`] : []),
    ...done,
  ]
}

function conclusion(status: Report['status'], findings: Report['findings']): string {
  if (findings.length === 0) return 'It is whole.'
  if (status === 'whole') return 'It was repaired.'
  const left = findings.filter(({ repaired }) => repaired === null)
  const mendable = left.filter(({ repairable, failure }) => repairable && failure === null).length
  if (mendable === 0) return `It is damaged: ${left.length} of the above need a person.`
  return `It is damaged. With --repair ${mendable} of the above are mended; no original is deleted.`
}
