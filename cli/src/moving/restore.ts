import { isDeepStrictEqual } from 'node:util'
import type { Client, ExportedRecord, ImageRecord } from '@lookalike/sdk'
import { CommandError } from '../failure.ts'
import type { RetryPolicy } from '../retry-policy.ts'
import { readExport } from './read-export.ts'

/** What the server takes at once is 500 lines and 32 MiB; these stay well below. */
const maxRecords = 250
const maxCharacters = 8_000_000

export interface Restored {
  records: number
  sent: number
  /** Were there already, just as the export has them. */
  unchanged: number
  /** Of those sent, the ones whose file the server does not have. */
  withoutFile: number
}

/**
 * Stores the records of an export. A batch is compared with what the library has first, so that an
 * import that broke off goes on where it was, and one that is done sends nothing.
 *
 * @throws CommandError when the server did not keep what it was given
 */
export async function restore(
  client: Client,
  retry: RetryPolicy,
  path: string,
  onProgress: (restored: Restored) => void,
): Promise<Restored> {
  const restored: Restored = { records: 0, sent: 0, unchanged: 0, withoutFile: 0 }
  for await (const batch of batches(path)) {
    const missing = await findMissing(client, retry, batch)
    if (missing.length > 0) {
      const result = await retry.run((signal) => client.import(missing, { signal }))
      if (result.stored !== new Set(missing.map(({ id }) => id)).size) {
        throw new CommandError(`The server kept ${result.stored} of ${missing.length} records.`)
      }
      restored.withoutFile += result.missing_files
    }
    restored.records += batch.length
    restored.sent += missing.length
    restored.unchanged += batch.length - missing.length
    onProgress(restored)
  }
  return restored
}

async function* batches(path: string): AsyncGenerator<ExportedRecord[]> {
  let batch: ExportedRecord[] = []
  let characters = 0
  for await (const record of readExport(path)) {
    const size = record.vector.length + JSON.stringify(record.metadata).length
    if (batch.length > 0 && (batch.length === maxRecords || characters + size > maxCharacters)) {
      yield batch
      batch = []
      characters = 0
    }
    batch.push(record)
    characters += size
  }
  if (batch.length > 0) yield batch
}

/** Those that the library lacks or has otherwise; without a content hash, there is no telling. */
async function findMissing(
  client: Client,
  retry: RetryPolicy,
  batch: ExportedRecord[],
): Promise<ExportedRecord[]> {
  const hashes = [...new Set(batch.flatMap(({ sha256 }) => sha256 ?? []))]
  const found =
    hashes.length > 0 ? await retry.run((signal) => client.lookup(hashes, { signal })) : []
  const byId = new Map(found.map((record) => [record.id, record]))
  return batch.filter((record) => !isSame(record, byId.get(record.id)))
}

function isSame(record: ExportedRecord, there: ImageRecord | undefined): boolean {
  return (
    there !== undefined &&
    record.sha256 === there.sha256 &&
    record.embedder === there.embedder &&
    record.indexed_at === there.indexed_at &&
    record.description === there.description &&
    isDeepStrictEqual(record.metadata, there.metadata)
  )
}
