import type { Source } from '../sources.ts'
import { mergeDetails, readSidecar, type Details } from './details.ts'
import type { Manifest } from './manifest.ts'
import type { MetadataMaker } from './metadata-options.ts'

/** What is said of one picture wins over what is said of all: sidecar, then manifest, then options. */
export function detailsReader(makeMetadata: MetadataMaker, manifest: Manifest) {
  return async (source: Source): Promise<Details> =>
    mergeDetails([
      { metadata: makeMetadata(source) },
      manifest.detailsOf(source),
      'url' in source ? {} : await readSidecar(source.path),
    ])
}
