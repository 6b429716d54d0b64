import { thumbHashToDataURL } from 'thumbhash'

/** A picture of some thirty pixels as a `data:` URL, of a record's ThumbHash; undefined where there is none. */
export function placeholderOf(thumbhash: string | null): string | undefined {
  if (!thumbhash) return undefined
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (byte) => byte.charCodeAt(0)))
  } catch {
    // It came from another program, and is none.
    return undefined
  }
}
