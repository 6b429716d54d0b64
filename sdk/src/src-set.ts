import type { ImageRecord } from './contract.ts'

/** Longest edges of the thumbnails that a server makes, in pixels. */
const edges = [384, 768, 1536, 2560]

/**
 * A picture's thumbnails in their sizes, for `srcset` with a `sizes` beside it: a browser takes the one that fits.
 * Empty where there is one alone, or it lies on another server.
 */
export function thumbnailSrcSet({
  id,
  thumbnail_url,
  width,
  height,
}: Pick<ImageRecord, 'id' | 'thumbnail_url' | 'width' | 'height'>): string {
  if (!thumbnail_url?.includes(`/api/images/${id}/thumbnail`) || !width || !height) return ''
  const longEdge = Math.max(width, height)
  const enough = edges.findIndex((edge) => edge >= longEdge)
  const useful = enough === -1 ? edges : edges.slice(0, enough + 1)
  if (useful.length === 1) return ''
  return useful
    .map((edge) => {
      const across = Math.round(width * Math.min(1, edge / longEdge))
      const separator = thumbnail_url.includes('?') ? '&' : '?'
      return `${thumbnail_url}${separator}size=${edge} ${across}w`
    })
    .join(', ')
}
