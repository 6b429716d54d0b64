import { dirname, extname, resolve } from 'node:path'
import type { Json } from '@lookalike/sdk'
import { usageError } from '../../failure.ts'
import { readLines, readText } from '../../text-files.ts'
import { parseObject, readDetails, type Details } from './details.ts'
import { typedValue } from './metadata-options.ts'
import type { Source } from '../sources.ts'

/** What a manifest says, by picture; `names` are the pictures in its own order. */
export interface Manifest {
  readonly names: string[]
  detailsOf(source: Source): Details
}

export const noManifest: Manifest = { names: [], detailsOf: () => ({}) }

/**
 * Reads a manifest: CSV with a header line, or JSON Lines (`.jsonl`, `.ndjson`). `file` names the
 * picture, from the manifest's folder or by its http address; `image_uri` and `description` are the
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
      entries.set(
        /^https?:\/\//i.test(file) ? file : resolve(dirname(path), file),
        readDetails(rest),
      )
    }
  } catch (error) {
    const reason = (error as Error).message
    throw usageError(`The manifest ${path}: ${reason}`, { cause: error })
  }
  return {
    names: [...entries.keys()],
    detailsOf: (source) => entries.get('url' in source ? source.url : source.path) ?? {},
  }
}

interface Line {
  line: number
  entry: { [key: string]: Json }
}

async function* readJsonLines(path: string): AsyncGenerator<Line> {
  let line = 0
  for await (const content of readLines(path)) {
    line++
    yield { line, entry: parseObject(content, `line ${line}`) }
  }
}

async function* readCsv(path: string): AsyncGenerator<Line> {
  const { parse } = await import('csv-parse')
  const parser = parse({ columns: true, trim: true, skip_empty_lines: true, info: true })
  parser.end(await readText(path))
  for await (const { record, info } of parser as AsyncIterable<CsvRow>) {
    const cells = Object.entries(record).filter(([, cell]) => cell !== '')
    const entry = cells.map(([key, cell]) => [key, isText(key) ? cell : typedValue(cell)])
    yield { line: info.lines, entry: Object.fromEntries(entry) }
  }
}

interface CsvRow {
  record: Record<string, string>
  info: { lines: number }
}

/** Columns that are text even where a cell looks like a number. */
function isText(column: string): boolean {
  return ['file', 'image_uri', 'description'].includes(column)
}
