import type { ExportCheckpoint, ExportedRecord } from '@lookalike/sdk'
import { CommandError, usageError } from '../failure.ts'
import { readLines } from '../text-files.ts'

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
    if (error instanceof CommandError) throw error
    if ((error as NodeJS.ErrnoException).code) {
      throw usageError(`The export cannot be read: ${(error as Error).message}.`, { cause: error })
    }
    throw new CommandError(
      error instanceof SyntaxError
        ? `Line ${number} of ${path} is not JSON. Is it an export?`
        : `The export ${path}: ${(error as Error).message}`,
    )
  }
  if (!complete) {
    throw new CommandError(`${path} is not a complete export: its last checkpoint is missing.`)
  }
}
