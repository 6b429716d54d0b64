import { readEmbedded } from '@lookalike/embedded-metadata'
import type { Source } from '../finding/sources.ts'
import { mergeDetails, type Details } from './details.ts'
import type { Manifest } from './manifest.ts'
import type { MetadataMaker } from './metadata-options.ts'
import { createSidecarReader } from './sidecars.ts'

/**
 * What is said of one picture wins over what is said of all, and what a person wrote over what a camera did: sidecar,
 * then manifest, then options, then the picture itself.
 */
export function detailsReader(makeMetadata: MetadataMaker, manifest: Manifest, exif: boolean) {
  const readSidecars = createSidecarReader()
  return async (source: Source): Promise<Details> => {
    const given = mergeDetails([
      { metadata: makeMetadata(source) },
      manifest.detailsOf(source),
      'url' in source ? {} : await readSidecars(source.path),
    ])
    if ('url' in source || !exif) return given
    const embedded = { metadata: await readEmbedded(source.path) }
    return { ...mergeDetails([embedded, given]), isEmbedded: given.metadata === undefined }
  }
}
