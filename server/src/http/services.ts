import type { Load } from '../admission/load.ts'
import type { DiskSpace } from '../data-dir/room.ts'
import type { Keys } from '../keys/keys.ts'
import type { AuditLog } from './access/audit.ts'
import type { Downloader } from '../downloads/downloader.ts'
import type { Backlog } from '../backlog.ts'
import type { LastErrors } from '../health/last-errors.ts'
import type { PageChecks } from '../health/page-checks.ts'
import type { State } from '../state/state.ts'
import type { Health } from '../stores/image-store.ts'
import type { LibraryInUse } from '../library/in-use/library-in-use.ts'
import type { LibraryDeps } from '../library/deps.ts'
import type { Feedback } from '../library/feedback/feedback.ts'
import type { StandingSearches } from '../library/standing/standing-searches.ts'
import type { LibraryMap } from '../library/map/library-map.ts'
import type { Reindexer } from '../library/reindex/reindexer.ts'
import type { ConnectionTimes } from './connections/connections.ts'
import type { Tracing } from './tracing/tracing.ts'
import type { UploadFolder } from './bodies/uploads.ts'

/** What the HTTP application is built from: the dependencies of the use cases, and HTTP's own settings. */
export interface Services {
  readonly deps: LibraryDeps
  readonly library: LibraryInUse
  readonly reindexer: Reindexer
  readonly map: LibraryMap
  readonly feedback: Feedback
  /** Questions that stand. */
  readonly standing: StandingSearches
  /**
   * A receiver of messages, with a new secret.
   *
   * @throws LookalikeError `blocked_url`, `invalid_parameter`
   */
  readonly newWebhook: (url: string) => { readonly url: string; readonly secret: string }
  /** What outlives a restart beside the library; closed by what composed the services. */
  readonly state: State
  /** How much of each kind of work is under way. */
  readonly load: Load
  readonly uploads: UploadFolder
  readonly downloader: Downloader
  /** There when the library was found empty, though its files are not, as this server started. */
  readonly lostLibrary: Health | null
  /** The disk that holds DATA_DIR. */
  readonly disk: Pick<DiskSpace, 'free' | 'reserve' | 'shortage'>
  /** Bytes of each database in DATA_DIR. */
  readonly dataSizes: () => Promise<Record<string, number>>
  /** Work that waits for each other beyond the gates, by its kind; undefined where there is none of that kind now. */
  readonly backlogs: Readonly<Record<string, () => Backlog | undefined>>
  /** How well the graph keeps up with the library; null where there is none. */
  readonly graphHealth: (() => Health) | null
  /** Images that the graph is yet to hear of; null where there is none. */
  readonly graphDue: (() => number) | null
  readonly errors: LastErrors
  readonly pages: PageChecks
  /** Whether it takes requests that are to be answered for long. */
  readonly phase: { isStopping: boolean }
  readonly version: string
  readonly storeName: string
  readonly graphName: string
  /** Answers the tools of models; null where that is off. */
  readonly tools: AnswerTools | null
  readonly publicUrl: string | undefined
  readonly keys: Keys
  /** Null where none is kept. */
  readonly auditLog: AuditLog | null
  readonly corsOrigins: string[]
  /** Names that this server is reached by, besides those of this machine and of `publicUrl`. */
  readonly hosts: string[]
  readonly trustProxy: boolean | string[]
  readonly ratePerMinute: number | undefined
  readonly maxUploadMegabytes: number
  readonly maxMegapixels: number
  readonly times: ConnectionTimes
  /** Null without a collector of traces. */
  readonly tracing: Tracing | null
  readonly logLevel: string
  /** Whether every request gets a line in the log. */
  readonly accessLog: boolean
  /** Folder of the built page. */
  readonly pageFolder: string
}

/**
 * Answers a request of the Model Context Protocol.
 *
 * @param fetch calls the API in the name of whoever asks
 */
export type AnswerTools = (
  request: Request,
  body: unknown,
  fetch: typeof globalThis.fetch,
) => Promise<Response>
