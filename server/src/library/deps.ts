import type { Gate } from '../admission/gate.ts'
import type { Embedder } from '../embedders/embedder.ts'
import type { FileStore } from '../files/file-store.ts'
import type { KnowledgeGraph } from '../graph/knowledge-graph.ts'
import type { Decode } from '../images/decode.ts'
import type { EmbeddedMetadataReader } from '../images/embedded-metadata/reader.ts'
import type { AnswerReads, ImageStore } from '../stores/image-store.ts'
import type { Calibration } from './calibration/calibration.ts'
import type { CopyChecks } from './copies/copies-of-query.ts'
import type { CopyFinder } from './copies/copy-finder.ts'
import type { DuplicateGroups } from './duplicates/duplicate-groups.ts'
import type { KeyedLock } from './keyed-lock.ts'
import type { Namer } from './indexing/namer.ts'

/** Everything a use case may ask for; contracts only, put together in `compose.ts`. */
export interface LibraryDeps {
  /** The one that made the library in use: another after a re-index, so it is asked for when needed. */
  readonly embedder: Embedder
  /** Every write to it reaches the graph as well. */
  readonly store: ImageStore
  /** Notified of every write to the store. */
  readonly duplicateGroups: DuplicateGroups
  /** What scores mean in this library; notified of every write to the store. */
  readonly calibration: Calibration
  /** Which pictures are one, because their pixels were compared. */
  readonly copies: CopyChecks & { readonly finder: CopyFinder }
  /** Told of records that are described before their names are there. */
  readonly namer: Pick<Namer, 'mark'>
  readonly graph: KnowledgeGraph
  readonly files: FileStore
  /** Keys are record ids and content hashes; a task that needs both takes the id first. */
  readonly locks: KeyedLock
  /**
   * Asked before work is put into what will have to be kept.
   *
   * @throws LookalikeError `storage_full` when that many bytes more have no room on this machine
   */
  readonly assertRoom: (bytes: number) => void
  /** Reads a picture, in its turn. */
  readonly decode: Decode
  /** How many pictures that are decoded lie in wait for the embedder. */
  readonly embedding: Gate
  /** Whether originals are kept without what is written beside their pixels. */
  readonly stripsMetadata: boolean
  /** Absent where what pictures say of themselves is left out. */
  readonly readEmbeddedMetadata: EmbeddedMetadataReader | undefined
  /** Prefix of image URIs that are minted here. */
  readonly mintedUnder: string
}

/** The same for an answer that nothing is written from. */
export type AnswerDeps = Omit<LibraryDeps, 'store'> & { readonly store: AnswerReads }

/** A received file, whose content is not checked yet. */
export interface Upload {
  /** The path of its file, which may be moved away; or its bytes, where they are few. */
  readonly source: string | Uint8Array
  readonly sha256: string
  readonly bytes: number
  readonly filename: string | null
}
