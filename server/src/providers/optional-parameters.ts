import { APIError } from 'openai'
import type { RefusedParameters } from '../state/refused-parameters.ts'
import { isFinal } from './final-errors.ts'

/** A request, and what of it may be left out. */
export interface OptionalRequest {
  readonly body: object
  /** Names of optional parameters that are in it. */
  readonly optional: readonly string[]
}

/** Other words by which servers refuse a parameter. */
const otherWords: Record<string, RegExp> = {
  dimensions: /matryoshka|output[_ ]dim|embedding[_ ]size/i,
  response_format: /json[_ ]schema|structured[_ ]output|guided|grammar/i,
  max_completion_tokens: /max[_ ](output|new)[_ ]tokens/i,
  max_tokens: /max[_ ](output|new)[_ ]tokens/i,
  system: /\b(system|developer)\b.{0,20}\b(role|message|prompt|instruction)/i,
}

/** These say something of the key, the address, or the moment, and nothing of a parameter. */
const unrelated = new Set([401, 402, 403, 404, 408, 409, 413, 429])

/**
 * Asks one model, without the optional parameters that it refuses. Which they are, it learns from the
 * refusal: those that the error names, by whatever field or word; and when it names none, all of them at
 * once, unless the model has taken them before or the error is about something else. What was left out
 * is remembered once an answer came without it.
 */
export class OptionalParameters {
  readonly #memory: RefusedParameters
  readonly #model: string
  #hasTakenAll = false

  /** @param model names server, kind of call and model */
  constructor(memory: RefusedParameters, model: string) {
    this.#memory = memory
    this.#model = model
  }

  async ask(
    build: (refused: ReadonlySet<string>) => OptionalRequest,
    send: (body: object) => Promise<unknown>,
  ): Promise<unknown> {
    const known = this.#memory.get(this.#model)
    let refused = known
    for (;;) {
      const { body, optional } = build(refused)
      try {
        const answer = await send(body)
        this.#hasTakenAll = true
        if (refused.size > known.size) this.#memory.add(this.#model, refused)
        return answer
      } catch (error) {
        const named = namedBy(error, optional)
        if (named.length > 0) refused = new Set([...refused, ...named])
        else if (optional.length > 0 && !this.#hasTakenAll && isUnexplained(error)) {
          refused = everything(build, refused)
        } else throw error
      }
    }
  }
}

function everything(
  build: (refused: ReadonlySet<string>) => OptionalRequest,
  refused: ReadonlySet<string>,
): ReadonlySet<string> {
  const { optional } = build(refused)
  // What is left out may have a second name, by which it is sent then.
  return optional.length === 0 ? refused : everything(build, new Set([...refused, ...optional]))
}

/** Whether an error may be about the request's form at all. */
function isRefusal(error: unknown): error is APIError {
  if (!(error instanceof APIError) || error.status === undefined) return false
  return error.status >= 400 && !unrelated.has(error.status) && !isFinal(error)
}

function namedBy(error: unknown, optional: readonly string[]): string[] {
  if (!isRefusal(error)) return []
  const words = `${error.message} ${JSON.stringify(error.error ?? '')}`
  return optional.filter((name) => isNamed(name, words))
}

function isUnexplained(error: unknown): boolean {
  return isRefusal(error) && (error.status === 400 || error.status === 422) && !error.param
}

function isNamed(name: string, words: string): boolean {
  // Of the common words, one in quotation marks is meant, and not the field of an error that has its name.
  const isWord = name === 'detail' || name === 'system'
  const pattern = isWord ? `(?<=['"\`.])${name}\\b(?!"\\s*:)` : `(?<!\\w)${name}(?!\\w)`
  return new RegExp(pattern, 'i').test(words) || (otherWords[name]?.test(words) ?? false)
}
