import { setImmediate, setTimeout } from 'node:timers/promises'
import { LookalikeError } from '../errors.ts'
import type { NormalisedImage } from '../images/image.ts'
import { NamesByVectors } from '../names/by-vectors.ts'
import { meaninglessPicture, meaninglessPictures } from '../names/meaningless.ts'
import { promptOf } from '../names/prompts.ts'
import { wholeVocabulary } from '../names/vocabulary.ts'
import type { NameVectors } from '../state/name-vectors.ts'
import type { Naming, Said } from './embedder.ts'

const picturesAtOnce = 4
const firstPauseMs = 10_000
const longestPauseMs = 600_000
/** Another way of drawing them is another subject. */
const drawnAs = 'meaningless-1:'

interface HasVector {
  readonly vector: Float32Array
}

interface WordModel {
  /** Names all that shapes a vector. */
  readonly name: string
  /** Texts that it is asked for at once: pictures that come meanwhile may have to wait for them. */
  readonly textsAtOnce: number
  embedPicture(image: NormalisedImage, signal: AbortSignal): Promise<HasVector>
  embedText(text: string, signal: AbortSignal): Promise<HasVector>
}

/** How many are yet to be asked for. */
export interface MissingNames {
  readonly texts: number
  readonly pictures: number
}

/**
 * The names that a model's pictures are described with: it is asked for each once, a few at a time, in the background from
 * the first picture on, and each answer is kept, so that a process that ends half-way is gone on with by the next.
 */
export class PreparedNames implements Naming {
  readonly #model: WordModel
  readonly #kept: NameVectors
  /** What is there of them, while not all is; read when they are first asked for. */
  #vectors: Map<string, Float32Array> | undefined
  #names: NamesByVectors | undefined
  #preparing: Promise<void> | undefined
  #trouble = ''

  constructor(model: WordModel, kept: NameVectors) {
    this.#model = model
    this.#kept = kept
  }

  async ready(signal: AbortSignal): Promise<void> {
    this.begin()
    if (!this.#names) await Promise.race([this.#preparing, aborted(signal)])
  }

  /** Makes them ready, unless that is under way or done. */
  begin(): void {
    if (!this.#names) this.#preparing ??= this.#prepare()
  }

  /** Once they are there, where no model is to be asked for any; else at once. */
  async settled(): Promise<void> {
    this.begin()
    if (this.#missingTexts().length + this.#missingPictures().length === 0) await this.#preparing
  }

  say(vector: Float32Array, measured: string): Said | undefined {
    const names = this.#names?.recognise(vector)
    return names && { description: names.sentence ? `${names.sentence} ${measured}` : measured, tags: names.tags } // prettier-ignore
  }

  get missing(): MissingNames {
    return { texts: this.#missingTexts().length, pictures: this.#missingPictures().length }
  }

  /** What is to be said of it to whoever looks after the server; empty once they are there. */
  get progress(): string {
    if (this.#names || !this.#preparing) return ''
    const all = new Set(prompts()).size
    const trouble = this.#trouble && ` It is tried again, for: ${this.#trouble}`
    return `Names for what pictures show are made ready: ${all - this.#missingTexts().length} of ${all}.${trouble}`
  }

  async #prepare(): Promise<void> {
    for (let pauseMs = firstPauseMs; this.#kept.isOpen;) {
      try {
        await this.#ask(this.#missingPictures(), picturesAtOnce, (subject, signal) =>
          this.#model.embedPicture(
            meaninglessPicture(Number(subject.slice(drawnAs.length))),
            signal,
          ),
        )
        await this.#ask(this.#missingTexts(), this.#model.textsAtOnce, (subject, signal) =>
          this.#model.embedText(subject, signal),
        )
        this.#trouble = ''
        return await this.#compose()
      } catch (error) {
        this.#trouble = error instanceof LookalikeError ? error.message : String(error)
      }
      await setTimeout(pauseMs, undefined, { ref: false })
      pauseMs = Math.min(longestPauseMs, 2 * pauseMs)
    }
  }

  async #ask(
    subjects: readonly string[],
    atOnce: number,
    embed: (subject: string, signal: AbortSignal) => Promise<HasVector>,
  ): Promise<void> {
    for (let start = 0; start < subjects.length && this.#kept.isOpen; start += atOnce) {
      const leaving = new AbortController()
      const asked = subjects.slice(start, start + atOnce)
      try {
        const answers = await Promise.all(asked.map((subject) => embed(subject, leaving.signal)))
        if (!this.#kept.isOpen) return
        const made = new Map(answers.map(({ vector }, at) => [asked[at]!, vector]))
        this.#kept.write(this.#model.name, made)
        for (const [subject, vector] of made) this.#there().set(subject, vector)
      } finally {
        // Of those that go on when one has failed.
        leaving.abort()
      }
    }
  }

  #missingTexts(): string[] {
    // A kind may be called as one of its own.
    return this.#names ? [] : [...new Set(prompts())].filter((prompt) => !this.#there().has(prompt))
  }

  #missingPictures(): string[] {
    return this.#names ? [] : drawings.filter((drawing) => !this.#there().has(drawing))
  }

  #there(): Map<string, Float32Array> {
    return (this.#vectors ??= this.#kept.read(this.#model.name))
  }

  async #compose(): Promise<void> {
    const of = (subject: string) => this.#there().get(subject)!
    const pause = () => setImmediate()
    this.#names = await NamesByVectors.learn(wholeVocabulary(), prompts().map(of), drawings.map(of), pause) // prettier-ignore
    this.#vectors = undefined
  }
}

const drawings = Array.from({ length: meaninglessPictures }, (_, number) => `${drawnAs}${number}`)

let allPrompts: readonly string[] | undefined

function prompts(): readonly string[] {
  return (allPrompts ??= wholeVocabulary().map(promptOf))
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () => reject(signal.reason as Error)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
  })
}
