import { oneLine } from './format.ts'

export interface Column {
  readonly title: string
  readonly right?: boolean
  /** Takes what the other columns leave, and is cut when that is not enough. */
  readonly stretch?: boolean
  /** Cut at the beginning: of two long paths, it is the end that differs. */
  readonly keepEnd?: boolean
}

const gap = 2
const minStretch = 12

/** Lines of a table as wide as the terminal at most; cells are made fit to be printed. */
export function table(columns: Column[], rows: string[][], width: number): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => row.map((c) => oneLine(c))),
  ]
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)))
  const stretched = columns.flatMap(({ stretch }, at) => (stretch ? [at] : []))
  const fixed = widths.filter((_, at) => !stretched.includes(at)).reduce((a, b) => a + b, 0)
  let left = width - fixed - gap * (columns.length - 1)
  stretched.forEach((at, index) => {
    const share = Math.max(minStretch, Math.floor(left / (stretched.length - index)))
    widths[at] = Math.min(widths[at]!, share)
    left -= widths[at]!
  })
  const line = (row: string[]) =>
    row
      .map((cell, at) => {
        const cut = columns[at]!.keepEnd ? lastOf(cell, widths[at]!) : oneLine(cell, widths[at])
        return columns[at]!.right ? cut.padStart(widths[at]!) : cut.padEnd(widths[at]!)
      })
      .join(' '.repeat(gap))
      .trimEnd()
  return `${cells.map(line).join('\n')}\n`
}

function lastOf(text: string, width: number): string {
  return text.length > width ? `…${text.slice(text.length - width + 1)}` : text
}
