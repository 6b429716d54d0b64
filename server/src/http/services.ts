import type { Load } from '../admission/load.ts'
import type { Downloader } from '../downloads/downloader.ts'
import type { State } from '../state/state.ts'
import type { Health } from '../stores/image-store.ts'
import type { LibraryInUse } from '../library/in-use/library-in-use.ts'
import type { LibraryDeps } from '../library/deps.ts'
import type { Reindexer } from '../library/reindex/reindexer.ts'
import type { ConnectionTimes } from './connections/connections.ts'
import type { UploadFolder } from './uploads.ts'

/** What the HTTP application is built from: the dependencies of the use cases, and HTTP's own settings. */
export interface Services {
  readonly deps: LibraryDeps
  readonly library: LibraryInUse
  readonly reindexer: Reindexer
  /** What outlives a restart beside the library; closed by what composed the services. */
  readonly state: State
  /** How much of each kind of work is under way. */
  readonly load: Load
  readonly uploads: UploadFolder
  readonly downloader: Downloader
  /** There when the library was found empty, though its files are not, as this server started. */
  readonly lostLibrary: Health | null
  /** What the disk lacks, for people; null while it has enough room. */
  readonly diskShortage: () => string | null
  /** How well the graph keeps up with the library; null where there is none. */
  readonly graphHealth: (() => Health) | null
  readonly version: string
  readonly storeName: string
  readonly graphName: string
  readonly publicUrl: string | undefined
  readonly apiKeys: string[]
  readonly corsOrigins: string[]
  /** Names that this server is reached by, besides those of this machine and of `publicUrl`. */
  readonly hosts: string[]
  readonly trustProxy: boolean | string[]
  readonly ratePerMinute: number | undefined
  readonly maxUploadMegabytes: number
  readonly times: ConnectionTimes
  readonly logLevel: string
  /** Folder of the built page. */
  readonly pageFolder: string
}
