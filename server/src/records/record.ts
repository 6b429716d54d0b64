import type { Json, Metadata } from '@lookalike/contract'

export type { Json, Metadata }

/** What is known of the file behind a record; absent for records another program wrote. */
export interface FileFacts {
  /** SHA-256 of the file's bytes, lower-case hex: the content hash. */
  readonly sha256: string
  readonly format: string
  readonly width: number
  readonly height: number
  readonly bytes: number
  /**
   * Perceptual hash, 16 hex digits; empty for a picture too plain to have one; absent where the record
   * was made without looking at the picture.
   */
  readonly phash?: string
  /** The picture in about 25 bytes, as a ThumbHash in base64; absent where nobody looked at it since there are any. */
  readonly thumbhash?: string
  /** Present while only the facts are here: the record was imported, its file has not followed yet. */
  readonly missing?: true
}

export interface ImageRecord {
  /** UUID derived from `imageUri` by `recordId`. */
  readonly id: string
  readonly imageUri: string
  readonly description: string
  /** Present where the description is the words of whoever indexed the picture, not the embedder's. */
  readonly describedBy?: 'caller'
  /** What the picture probably shows, by name, from the most special to the most general; absent where nothing is. */
  readonly tags?: readonly string[]
  readonly metadata: Metadata
  readonly file: FileFacts | null
  readonly embedderId: string | null
  /** ISO 8601, UTC, with milliseconds. */
  readonly indexedAt: string | null
}

/** A record with its vector: unit length, the store's dimensions. */
export interface VectorRecord extends ImageRecord {
  readonly vector: Float32Array
}
