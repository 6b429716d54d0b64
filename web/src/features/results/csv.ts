import type { SearchResult } from '@lookalike/sdk'

const columns: Record<string, (result: SearchResult, index: number) => string | number | null> = {
  rank: (_, index) => index + 1,
  image_uri: ({ image_uri }) => image_uri,
  score: ({ score }) => score,
  match: ({ match }) => match,
  found_by: ({ found_by }) => found_by,
  change: ({ change }) => change,
  description: ({ description }) => description,
  tags: ({ tags }) => tags.join(', '),
  metadata: ({ metadata }) => JSON.stringify(metadata),
  width: ({ width }) => width,
  height: ({ height }) => height,
  id: ({ id }) => id,
  image_url: ({ image_url }) => image_url,
}

/**
 * Results as RFC 4180 has it, with a byte order mark, by which spreadsheets know that it is UTF-8. What one of them would
 * take for a formula has an apostrophe before it, since descriptions and metadata may come from anybody.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvOf(results: readonly SearchResult[]): string {
  const rows = results.map((result, index) =>
    Object.values(columns).map((column) => cell(column(result, index))),
  )
  const lines = [Object.keys(columns), ...rows].map((row) => row.join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
