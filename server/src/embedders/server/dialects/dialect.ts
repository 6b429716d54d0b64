/** What is sent, and which of it may be left out where a server refuses it. */
export interface Request {
  readonly path: string
  readonly body: object
  /** Names of fields of `body`. */
  readonly optional?: readonly string[]
}

export interface Transport {
  post(request: Request): Promise<unknown>
  get(path: string): Promise<unknown>
}

/** How one kind of server is asked for vectors. */
export interface Dialect {
  /** Where its paths begin. */
  baseUrl(url: string): string
  /** In one call, at most. */
  readonly picturesPerCall: number
  readonly textsPerCall: number
  /**
   * @param jpegs files
   * @returns OpenAI's answer to a request for embeddings: `{ data: [{ index, embedding }], usage }`
   */
  pictures(jpegs: readonly Buffer[], transport: Transport): Promise<unknown>
  /** The same for texts. */
  texts(texts: readonly string[], transport: Transport): Promise<unknown>
}

export function dataUrl(jpeg: Buffer): string {
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`
}

/** SigLIP was trained on lower case, padded to the full length: without these, vectors are sound and wrong. */
export function isSiglip(model: string): boolean {
  return /siglip/i.test(model)
}
