import type { ExportCheckpoint, ExportedRecord } from '@lookalike/sdk'
import { CommandError } from '../failure.ts'
import { readLines } from '../lines.ts'

/**
 * The records of an export file, or of standard input (`-`).
 *
 * @throws CommandError when a line is no JSON, or the export is not complete
 */
export async function* readExport(path: string): AsyncGenerator<ExportedRecord> {
  let number = 0
  let complete = false
  try {
    for await (const text of readLines(path)) {
      number++
      const line = JSON.parse(text) as ExportedRecord | ExportCheckpoint
      if ('checkpoint' in line) complete = line.checkpoint.cursor === null
      else yield line
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new CommandError(`Line ${number} of ${path} is not JSON. Is it an export?`)
  }
  if (!complete) {
    throw new CommandError(`${path} is not a complete export: its last checkpoint is missing.`)
  }
}
