import type { ExportCheckpoint, ExportedRecord, Filter, ImportResult } from '../contract.ts'
import { readJson, type Cancellable, type Http } from '../http.ts'
import { readJsonLines } from '../json-lines.ts'

export interface ExportOptions extends Cancellable {
  /** `cursor` of a checkpoint: go on after it. */
  cursor?: string
  filter?: Filter
}

/** Records with their vectors, out of a library and into another. */
export function transferCalls(http: Http) {
  return {
    /**
     * The library's records with their vectors, a checkpoint now and then: an export that broke off
     * goes on from the last one. The checkpoint whose `cursor` is null ends a complete export.
     */
    async *export({ signal, filter, cursor }: ExportOptions = {}): AsyncGenerator<
      ExportedRecord | ExportCheckpoint
    > {
      const query = { cursor, filter: filter && JSON.stringify(filter) }
      const response = await http('/api/export', { query, signal })
      yield* readJsonLines<ExportedRecord | ExportCheckpoint>(response, signal)
    },

    /** Stores exported records as they are, 500 at most, all of them or none; nothing is embedded. */
    async import(records: ExportedRecord[], { signal }: Cancellable = {}): Promise<ImportResult> {
      const call = {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
        signal,
      }
      return readJson(await http('/api/import', call), signal)
    },
  }
}
