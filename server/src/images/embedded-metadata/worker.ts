import { readEmbedded, readTags, type EmbeddedMetadata } from '@lookalike/embedded-metadata'

/** Its path, or its bytes. */
export type PictureFile = string | Uint8Array

export default function read(file: PictureFile): Promise<EmbeddedMetadata> {
  if (typeof file === 'string') return readEmbedded(file)
  return readTags(Buffer.from(file.buffer, file.byteOffset, file.byteLength))
}
