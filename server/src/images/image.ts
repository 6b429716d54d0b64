/** RAW formats, by the extension that cameras give them. Of these the preview is read, never the sensor's data. */
export const rawFormats = ['cr2', 'cr3', 'nef', 'arw', 'dng', 'raf', 'orf', 'rw2', 'pef', 'srw'] as const // prettier-ignore
export type RawFormat = (typeof rawFormats)[number]

export const imageFormats = [
  'jpeg',
  'png',
  'webp',
  'gif',
  'avif',
  'tiff',
  'heic',
  'jxl',
  'bmp',
  ...rawFormats,
] as const
export type ImageFormat = (typeof imageFormats)[number]

/** Longest edge, in pixels, of a normalised image; enough for every embedder and thumbnail. */
export const normalisedEdge = 1024

/**
 * A decoded picture, the form that thumbnails and embedders share so that a file is decoded once.
 * `rgb` holds `width * height * 3` bytes, row-major sRGB, upright, transparency flattened on a ground that
 * contrasts with what is visible, long edge at most {@link normalisedEdge}.
 */
export interface NormalisedImage {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
  /** The file as it arrived; its width and height are those of the upright picture. */
  readonly source: { readonly format: ImageFormat; readonly width: number; readonly height: number }
}

const mediaTypes: Record<string, string> = {
  cr2: 'image/x-canon-cr2',
  cr3: 'image/x-canon-cr3',
  nef: 'image/x-nikon-nef',
  arw: 'image/x-sony-arw',
  dng: 'image/x-adobe-dng',
  raf: 'image/x-fuji-raf',
  orf: 'image/x-olympus-orf',
  rw2: 'image/x-panasonic-rw2',
  pef: 'image/x-pentax-pef',
  srw: 'image/x-samsung-srw',
}

/** What a file of this format is called in HTTP. */
export function mediaTypeOf(format: string): string {
  return mediaTypes[format] ?? `image/${format}`
}
