import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../../errors.ts'
import type { Library } from '../../image-store.ts'
import { findSlot, type VectorSlot } from './vector-slot.ts'

/** Oldest server this store is written for; the client is of the next minor version. */
const oldestVersion = [1, 18] as const

/** Refuses a server that is too old; one that does not tell its version is tried. */
export function checkVersion(version: string | null, address: string): void {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? []
  if (major === undefined || minor === undefined) return
  const [oldestMajor, oldestMinor] = oldestVersion
  if (Number(major) > oldestMajor) return
  if (Number(major) === oldestMajor && Number(minor) >= oldestMinor) return
  throw new LookalikeError(
    'store_unavailable',
    `Qdrant at ${address} is version ${version}; Lookalike needs ${oldestVersion.join('.')} or ` +
      'newer. Upgrade it one minor version at a time, as its upgrade guide says.',
  )
}

/** What Lookalike wrote into a collection's metadata when it took it on. */
export interface Claim {
  readonly embedder: string
  /** The name of its vectors, where they have one. */
  readonly vector?: string
  /** Another program had filled the collection: its indexes and its graph are not ours to change. */
  readonly adopted?: true
  /** The keys of the records in it are known, and indexed; not so in those of older Lookalikes. */
  readonly indexed?: true
  /** Every point has its words; not so in those of older Lookalikes. */
  readonly words?: true
}

/** Null for a collection that no Lookalike has written to. */
export function claimOf(info: Schemas['CollectionInfo']): Claim | null {
  const claim = info.config.metadata?.lookalike as { [key in keyof Claim]?: unknown } | null
  if (typeof claim?.embedder !== 'string') return null
  return {
    embedder: claim.embedder,
    ...(typeof claim.vector === 'string' && { vector: claim.vector }),
    ...(claim.adopted === true && { adopted: true }),
    ...(claim.indexed === true && { indexed: true }),
    ...(claim.words === true && { words: true }),
  }
}

/**
 * Refuses a collection whose vectors cannot be this library's (`embedder_mismatch`): made by another
 * embedder, of other dimensions, compared or kept in another way.
 *
 * @returns which of the collection's vectors they are
 */
export function checkCollection(
  info: Schemas['CollectionInfo'],
  collection: string,
  library: Library,
  vectorName: string | null,
): VectorSlot {
  const mismatch = (found: string) =>
    new LookalikeError(
      'embedder_mismatch',
      `The Qdrant collection "${collection}" ${found}, and this server runs ` +
        `${library.embedderId}, which needs one vector of ${library.dimensions} dimensions ` +
        'compared by cosine, kept as float32 or float16. Run the embedder that made the collection, or name ' +
        'another collection in QDRANT_COLLECTION and index the images again. If Lookalike made it, restart ' +
        'this server, which then goes on with the embedder that did, and run `lookalike reindex`.',
    )
  const claim = claimOf(info)
  const embedder = claim?.embedder ?? null
  const maker = embedder === null ? 'another program' : embedder
  const slot = findSlot(info.config, library, vectorName ?? claim?.vector ?? null)
  if ('problem' in slot) throw mismatch(`was made by ${maker} ${slot.problem}`)
  if (embedder !== null && embedder !== library.embedderId) throw mismatch(`was made by ${maker}`)
  return slot
}
