import type { LibraryDeps } from '../deps.ts'

/**
 * Prefix of minted image URIs where nobody said how this server is reached. It names the picture, not the
 * way to it, so it is the same on every host and port: a library keeps its identities when it moves.
 */
export const defaultOrigin = 'http://127.0.0.1:8000'

/**
 * The image URI of bytes for which none was given: that under which they are in the library already, else
 * `<prefix>/images/<sha256>`. A prefix of former days counts, so that a server that got another address,
 * or name, goes on with the records that it has.
 */
export async function mintedUri(deps: LibraryDeps, sha256: string): Promise<string> {
  const minted = `${deps.mintedUnder}/images/${sha256}`
  const known = (await deps.store.findByContentHash([sha256])).map(({ imageUri }) => imageUri)
  if (known.includes(minted)) return minted
  return known.find((imageUri) => isMinted(imageUri, sha256)) ?? minted
}

function isMinted(imageUri: string, sha256: string): boolean {
  return /^https?:/.test(imageUri) && imageUri.endsWith(`/images/${sha256}`)
}
