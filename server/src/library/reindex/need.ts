import { LookalikeError } from '../../errors.ts'
import type { LibraryInUse } from '../library-in-use.ts'
import type { ReindexOptions } from './job.ts'
import type { WayParts } from './source.ts'

/** @throws LookalikeError `unsupported` when making the library over would change nothing */
export function assertNeeded(
  { embedder, wanted }: LibraryInUse,
  { describe_again }: ReindexOptions,
): void {
  if (describe_again && !wanted.embedText) {
    throw new LookalikeError(
      'unsupported',
      `The embedder ${wanted.id} describes what it measures, always alike: describing again changes nothing.`,
    )
  }
  if (describe_again || embedder.id !== wanted.id) return
  const orDescribe = wanted.embedText
    ? ', or describe the pictures again (describe_again) as is done now.'
    : '.'
  throw new LookalikeError(
    'unsupported',
    `The library was made by ${wanted.id}, the embedder of the settings: there is nothing to re-index. ` +
      `Change EMBEDDER or its models and restart${orDescribe}`,
  )
}

/** @param from id of the embedder that made the library */
export function wayPartsOf(
  { embedder, wanted }: LibraryInUse,
  { describe_again }: ReindexOptions,
  from = embedder.id,
): WayParts {
  return { wanted, keepDescriptions: !describe_again && wanted.keepsDescriptionsOf(from) }
}
