import type { Embedder, Naming } from '../../embedders/embedder.ts'
import type { VectorRecord } from '../../records/record.ts'
import type { InterimRecord, InterimWords } from '../../state/interim-words.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import { BackgroundWork } from '../background/background-work.ts'
import { concurrently } from '../concurrently.ts'
import type { KeyedLock } from '../keyed-lock.ts'

const pageSize = 100
const atOnce = 8
const retryAfterMs = 10_000
/** A record that is not there so long after it was marked was never written. */
const lostMs = 600_000

export interface NamerDeps {
  readonly embedder: Embedder
  readonly store: ImageStore
  readonly locks: KeyedLock
}

/**
 * Names what was described before names were there: by the vectors that lie in the library, so no model is asked for a picture
 * again. What is left when the process ends, the next one does.
 */
export class Namer {
  readonly #deps: NamerDeps
  readonly #interim: InterimWords
  readonly #work = new BackgroundWork((signal) => this.#nameAll(signal), retryAfterMs)

  constructor(deps: NamerDeps, interim: InterimWords) {
    this.#deps = deps
    this.#interim = interim
  }

  /** Goes on where an earlier run of the server was. */
  begin(): void {
    this.#work.wake()
  }

  /** To be called before the record is written, under its lock. */
  mark(id: string, measured: string): void {
    this.#interim.mark(id, measured)
    this.begin()
  }

  close(): Promise<void> {
    return this.#work.close()
  }

  async #nameAll(signal: AbortSignal): Promise<void> {
    let last = ''
    for (;;) {
      const page = this.#interim.next(pageSize, last)
      if (page.length === 0) return
      const { embedder } = this.#deps
      await embedder.naming?.ready(signal)
      await concurrently(page, atOnce, async (each) => {
        if (!signal.aborted)
          await this.#deps.locks.run(each.image, () => this.#name(each, embedder))
      })
      signal.throwIfAborted()
      last = page.at(-1)!.image
    }
  }

  async #name(interim: InterimRecord, { id, naming }: Embedder): Promise<void> {
    const [before] = await this.#deps.store.getWithVectors([interim.image])
    if (!before && Date.now() - interim.at < lostMs) return
    // Of another embedder it has that one's words.
    const after =
      before && naming && before.embedderId === id ? renamed(before, interim, naming) : undefined
    if (after) await this.#deps.store.upsert([after])
    this.#interim.settle(interim)
  }
}

/** What a person wrote stays, and so does when it was indexed. */
function renamed(
  { tags: _, ...before }: VectorRecord,
  { measured }: InterimRecord,
  naming: Naming,
): VectorRecord | undefined {
  const said = naming.say(before.vector, measured)
  if (!said) return undefined
  const description = before.describedBy === 'caller' ? before.description : said.description
  return { ...before, description, ...(said.tags && said.tags.length > 0 && { tags: said.tags }) }
}
