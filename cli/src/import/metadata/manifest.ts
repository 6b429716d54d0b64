import { dirname, extname, resolve } from 'node:path'
import type { Json } from '@lookalike/sdk'
import { usageError } from '../../failure.ts'
import { readText } from '../../text-files.ts'
import { parseObject, readDetails, type Details } from './details.ts'
import { typedValue } from './metadata-options.ts'
import { onDisk, type Source } from '../finding/sources.ts'

/** What a manifest says, by picture; `names` are the pictures in its own order. */
export interface Manifest {
  readonly names: string[]
  detailsOf(source: Source): Details
  /** Pictures that it names and nobody asked about. */
  unmet(): string[]
}

export const noManifest: Manifest = { names: [], detailsOf: () => ({}), unmet: () => [] }

/**
 * Reads a manifest: CSV with a header line and commas, semicolons or tabs, or JSON Lines (`.jsonl`, `.ndjson`). `file`
 * names the picture, from the manifest's folder or by its http address; `image_uri` and `description` are the
 * record's own; all else is metadata. An empty CSV cell says nothing.
 *
 * @throws CommandError naming the line that cannot be read
 */
export async function readManifest(path: string): Promise<Manifest> {
  const entries = new Map<string, Details>()
  const jsonLines = ['.jsonl', '.ndjson'].includes(extname(path).toLowerCase())
  try {
    for await (const { line, entry } of jsonLines ? readJsonLines(path) : readCsv(path)) {
      const { file, ...rest } = entry
      if (typeof file !== 'string' || !file) {
        throw new Error(`line ${line} has no 'file', the path of its picture.`)
      }
      const isAddress = /^https?:\/\//i.test(file)
      entries.set(isAddress ? file : await onDisk(resolve(dirname(path), file)), readDetails(rest))
    }
  } catch (error) {
    const reason = (error as Error).message
    throw usageError(`The manifest ${path}: ${reason}`, { cause: error })
  }
  const met = new Set<string>()
  return {
    names: [...entries.keys()],
    detailsOf(source) {
      const name = 'url' in source ? source.url : source.path
      met.add(name)
      return entries.get(name) ?? {}
    },
    unmet: () => [...entries.keys()].filter((name) => !met.has(name)),
  }
}

interface Line {
  line: number
  entry: { [key: string]: Json }
}

async function* readJsonLines(path: string): AsyncGenerator<Line> {
  for (const [at, content] of (await readText(path)).split(/\r?\n/).entries()) {
    if (content.trim() === '') continue
    yield { line: at + 1, entry: parseObject(content, `line ${at + 1}`) }
  }
}

async function* readCsv(path: string): AsyncGenerator<Line> {
  const { parse } = await import('csv-parse')
  const text = await readText(path)
  const parser = parse({
    columns: (names: string[]) => checked(names.map(columnOf)),
    delimiter: delimiterOf(text),
    trim: true,
    skip_empty_lines: true,
    info: true,
    raw: true,
  })
  parser.end(text)
  for await (const { record, info, raw } of parser as AsyncIterable<CsvRow>) {
    const cells = Object.entries(record).filter(([, cell]) => cell !== '')
    const entry = cells.map(([key, cell]) => [key, isText(key) ? cell : typedValue(cell)])
    // The parser knows the line on which a row ends, which a quoted cell may put below its beginning.
    const line = info.lines - (raw.trim().match(/\n/g)?.length ?? 0)
    yield { line, entry: Object.fromEntries(entry) }
  }
}

interface CsvRow {
  record: Record<string, string>
  info: { lines: number }
  raw: string
}

const delimiters = [',', ';', '\t']

/** The one that the header has more of: spreadsheets write what the language of their user asks for. */
function delimiterOf(text: string): string {
  const header = text
    .trimStart()
    .split(/\r?\n/, 1)[0]!
    .replaceAll(/"[^"]*"/g, '')
  const counted = delimiters.map((one) => ({ one, count: header.split(one).length }))
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).one
}

/** `File` and `FILE` mean the same; how other columns are written is the person's own. */
function columnOf(name: string): string {
  return isText(name.toLowerCase()) ? name.toLowerCase() : name
}

function checked(columns: string[]): string[] {
  if (columns.includes('file')) return columns
  throw new Error(
    `line 1 has no column 'file', the path of the picture; its columns are ${columns.map((one) => `'${one}'`).join(', ')}.`,
  )
}

/** Columns that are text even where a cell looks like a number. */
function isText(column: string): boolean {
  return ['file', 'image_uri', 'description'].includes(column)
}
