import { jsonBody, readJson, type Cancellable, type Http } from '../http.ts'
import type { ReindexPlan, ReindexStatus } from '../contract.ts'

export interface ReindexOptions extends Cancellable {
  /** Describe every picture as the server's settings do now, also with the same embedder. */
  describeAgain?: boolean
  /** Delete records that cannot be re-embedded, instead of stopping before the cutover. */
  dropFailed?: boolean
}

/** The calls that make a library over for the embedder of the server's settings. */
export function reindexCalls(http: Http) {
  async function post<T>(options: ReindexOptions, dryRun: boolean): Promise<T> {
    const { describeAgain = false, dropFailed = false, signal } = options
    const body = {
      dry_run: dryRun,
      describe_again: describeAgain,
      drop_failed: dropFailed,
    }
    const call = { method: 'POST', ...jsonBody(body), signal }
    return readJson(await http('/api/reindex', call), signal)
  }

  return {
    /** What a re-index would take; nothing is begun. A problem where there is nothing to do. */
    planReindex: (options: ReindexOptions = {}) => post<ReindexPlan>(options, true),

    /** Begins a re-index, or goes on where it stopped; it runs on the server. */
    startReindex: (options: ReindexOptions = {}) => post<ReindexStatus>(options, false),

    async reindexStatus({ signal }: Cancellable = {}): Promise<ReindexStatus> {
      return readJson(await http('/api/reindex', { signal }), signal)
    },

    /** What is re-embedded is kept for when it goes on. */
    async stopReindex({ signal }: Cancellable = {}): Promise<ReindexStatus> {
      return readJson(await http('/api/reindex', { method: 'DELETE', signal }), signal)
    },
  }
}
