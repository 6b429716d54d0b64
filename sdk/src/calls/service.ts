import type { Health, ImportEstimate, Info, UsageReport, Vocabulary } from '../contract.ts'
import { jsonBody, readJson, type Cancellable, type Http } from '../http.ts'

export interface UsageOptions extends Cancellable {
  days?: number
}

/** The server itself: what it is, how it is, what it costs, who may use it. */
export function serviceCalls(http: Http) {
  return {
    /** What runs there: version, embedder, store, library size, limits. */
    async info({ signal }: Cancellable = {}): Promise<Info> {
      return readJson(await http('/api/info', { signal }), signal)
    },

    /** The names that pictures can be searched by, where `info().embedder.text` is `names`. */
    async vocabulary({ signal }: Cancellable = {}): Promise<Vocabulary> {
      return readJson(await http('/api/vocabulary', { signal }), signal)
    },

    /** What models were asked on the last `days` days (the server's default is 30), and its estimated cost. */
    async usage({ days, signal }: UsageOptions = {}): Promise<UsageReport> {
      return readJson(await http('/api/usage', { query: { days }, signal }), signal)
    },

    /** What adding so many new images would cost; a problem where no model is paid. */
    async estimateImport(images: number, { signal }: Cancellable = {}): Promise<ImportEstimate> {
      return readJson(await http('/api/usage/estimate', { query: { images }, signal }), signal)
    },

    async health({ signal }: Cancellable = {}): Promise<Health> {
      return readJson(await http('/api/health', { signal, alsoFine: [503] }), signal)
    },

    /**
     * Trades an API key for a session cookie that scripts cannot read, so that a page's requests
     * and its `<img>` elements are let in alike. A wrong key is an `unauthorized` problem.
     */
    async signIn(key: string, { signal }: Cancellable = {}): Promise<void> {
      await http('/api/session', { method: 'POST', ...jsonBody({ key }), signal })
    },

    /** Ends the session, and takes its cookie back. */
    async signOut({ signal }: Cancellable = {}): Promise<void> {
      await http('/api/session', { method: 'DELETE', signal })
    },
  }
}
