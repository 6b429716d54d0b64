import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../errors.ts'
import type { Library } from '../image-store.ts'

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

/** The embedder that claimed a collection; null for one that another program made. */
export function embedderOf(info: Schemas['CollectionInfo']): string | null {
  const claim = info.config.metadata?.lookalike as { embedder?: unknown } | null | undefined
  return typeof claim?.embedder === 'string' ? claim.embedder : null
}

/**
 * Refuses a collection whose vectors cannot be this library's (`embedder_mismatch`): made by another
 * embedder, of other dimensions, compared by another distance, or named.
 */
export function checkCollection(
  info: Schemas['CollectionInfo'],
  collection: string,
  library: Library,
): void {
  const mismatch = (found: string) =>
    new LookalikeError(
      'embedder_mismatch',
      `The Qdrant collection "${collection}" ${found}, and this server runs ` +
        `${library.embedderId}, which needs one unnamed vector of ${library.dimensions} dimensions ` +
        'compared by cosine. Run the embedder that made the collection, or name another ' +
        'collection in QDRANT_COLLECTION and index the images again. If Lookalike made it, restart this ' +
        'server, which then goes on with the embedder that did, and run `lookalike reindex`.',
    )
  const vectors = info.config.params.vectors
  const embedder = embedderOf(info)
  const maker = embedder === null ? 'another program' : embedder
  if (!isUnnamed(vectors)) {
    const names = Object.keys(vectors ?? {}).join(', ') || 'no vectors'
    throw mismatch(`was made by ${maker} with named vectors (${names})`)
  }
  const { size, distance } = vectors
  if (size !== library.dimensions || distance !== 'Cosine') {
    throw mismatch(`was made by ${maker} with ${size} dimensions compared by ${distance}`)
  }
  if (embedder !== null && embedder !== library.embedderId) throw mismatch(`was made by ${maker}`)
}

function isUnnamed(
  vectors: Schemas['VectorsConfig'] | undefined,
): vectors is Schemas['VectorParams'] {
  return typeof vectors?.size === 'number' && typeof vectors.distance === 'string'
}
