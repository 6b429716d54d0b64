import type { ImageFormat } from '../images/image.ts'
import type { LruTable } from './lru-table.ts'

/** What was learned of a file when it was decoded: enough to answer for it without decoding it again. */
export interface KnownPicture {
  /** Content hash of the decoded pixels; files that decode alike share it. */
  readonly pixels: string
  readonly format: ImageFormat
  readonly width: number
  readonly height: number
}

type Kind = 'picture' | 'description' | 'vector'

/**
 * What models once answered, across restarts. Descriptions and vectors lie apart: another embedding
 * model embeds the descriptions that are there, and asks no vision model.
 *
 * Keys name all that shapes the answer. The provider's address is no part of them, just as it is no
 * part of an embedder id: the same model elsewhere is the same model.
 */
export class EmbeddingMemory {
  readonly #table: LruTable
  /** How often something was asked for since this process began. */
  readonly lookups: Readonly<Record<Kind, { hits: number; misses: number }>> = {
    picture: { hits: 0, misses: 0 },
    description: { hits: 0, misses: 0 },
    vector: { hits: 0, misses: 0 },
  }

  constructor(table: LruTable) {
    this.#table = table
  }

  /** @param sha256 content hash of the file as it arrived */
  picture(sha256: string): KnownPicture | undefined {
    const text = this.#text('picture', sha256)
    return text === undefined ? undefined : (JSON.parse(text) as KnownPicture)
  }

  rememberPicture(sha256: string, picture: KnownPicture): void {
    this.#table.put(`picture:${sha256}`, Buffer.from(JSON.stringify(picture)))
  }

  /** @param describer names model, prompt and the copy that is sent */
  description(pixels: string, describer: string): string | undefined {
    return this.#text('description', `${pixels}:${describer}`)
  }

  rememberDescription(pixels: string, describer: string, description: string): void {
    this.#table.put(`description:${pixels}:${describer}`, Buffer.from(description))
  }

  /** @param model names embedding model and dimensions */
  vector(textHash: string, model: string): Float32Array | undefined {
    const bytes = this.#get('vector', `${textHash}:${model}`)
    // Copied: SQLite's bytes need not lie where four-byte numbers may.
    return bytes && new Float32Array(bytes.slice().buffer)
  }

  rememberVector(textHash: string, model: string, vector: Float32Array): void {
    const { buffer, byteOffset, byteLength } = vector
    this.#table.put(`vector:${textHash}:${model}`, new Uint8Array(buffer, byteOffset, byteLength))
  }

  /** What is kept, about. */
  get bytes(): number {
    return this.#table.bytes
  }

  #text(kind: Kind, key: string): string | undefined {
    const bytes = this.#get(kind, key)
    return bytes && Buffer.from(bytes).toString()
  }

  #get(kind: Kind, key: string): Uint8Array | undefined {
    const found = this.#table.get(`${kind}:${key}`)
    this.lookups[kind][found ? 'hits' : 'misses']++
    return found
  }
}
