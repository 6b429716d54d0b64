import type { ImageRecord, Info, SearchResult } from '@lookalike/sdk'
import { fileSize } from '../../components/format.ts'

/** The picture to find lookalikes of: one from outside, or one the library already holds. */
export type PictureQuery =
  | { kind: 'file'; file: File; advice: string | null }
  | { kind: 'stored'; id: string; uri: string; thumbnailUrl: string | null }

/** A picture, or words in place of one. */
export type Query = PictureQuery | { kind: 'text'; text: string }

export function storedQuery(image: ImageRecord | SearchResult): PictureQuery {
  return {
    kind: 'stored',
    id: image.id,
    uri: image.image_uri,
    thumbnailUrl: image.thumbnail_url,
  }
}

export function fileQuery(file: File, limits: Info['limits'] | undefined): PictureQuery {
  return { kind: 'file', file, advice: adviseOn(file, limits) }
}

/** What is likely to go wrong with a file, said before it is sent. The server decides all the same. */
function adviseOn(file: File, limits: Info['limits'] | undefined): string | null {
  if (file.size === 0) return 'This file is empty.'
  // The browser guesses the type from the name, and knows none for some pictures.
  if (file.type && !file.type.startsWith('image/')) {
    const formats = limits?.formats.map((format) => format.toUpperCase()).join(', ')
    return `This does not look like a picture${formats ? `. Lookalike reads ${formats}` : ''}.`
  }
  if (limits && file.size > limits.max_upload_mb * 2 ** 20) {
    const size = fileSize(file.size)
    return `This file is ${size}; up to ${limits.max_upload_mb} MB is accepted. Try a smaller copy.`
  }
  return null
}
