export const imageFormats = ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const
export type ImageFormat = (typeof imageFormats)[number]

/** Longest edge, in pixels, of a normalised image; enough for every embedder and thumbnail. */
export const normalisedEdge = 1024

/**
 * A decoded picture, the form that thumbnails and embedders share so that a file is decoded once.
 * `rgb` holds `width * height * 3` bytes, row-major sRGB, upright, transparency flattened on white,
 * long edge at most {@link normalisedEdge}.
 */
export interface NormalisedImage {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
  /** The file as it arrived; its width and height are those of the upright picture. */
  readonly source: { readonly format: ImageFormat; readonly width: number; readonly height: number }
}
