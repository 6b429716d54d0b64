import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { z } from 'zod'
import { contractValidator } from '../support/contract-schema.ts'
import { LocalServer } from './local-server.ts'
import { pictureVector, textVector } from './word-vectors.ts'

/** How the fake answers; each test sets what it needs. */
export interface ServerBehaviour {
  /** Answer with this status instead, for the first `times` calls. */
  fail?: { status: number; times: number; retryAfter?: number; message?: string }
  /** Milliseconds before each answer. */
  slow?: number
  /** Length of the vectors. */
  dimensions?: number
  /** Refuse texts, as a model does that knows pictures only. */
  noWords?: boolean
  /** Answer texts as a tokenizer does that pads otherwise than in training: always alike. */
  wrongPadding?: boolean
  /** Refuse pictures whose mean is this colour, in a batch or alone. */
  refuseRed?: boolean
  /** Sent instead of the answer. */
  garbage?: string
  /**
   * What a picture of that mean colour (0 to 255) shows, in words: then texts are made of their words, each a direction of its
   * own, and pictures lie apart from them, near to what they show. Null for one that shows nothing that has words.
   */
  shows?: (mean: readonly [number, number, number]) => string | null
  /** What becomes of each vector. */
  change?: (vector: number[]) => unknown
}

const dataUrl = z.string().regex(/^data:image\/jpeg;base64,[A-Za-z0-9+/]+=*$/)
const encoding = z.enum(['float', 'base64']).optional()

/** What each kind of server takes; a field that it does not know is an error here. */
const requests = {
  vllm: z.union([
    z.strictObject({
      model: z.string(),
      encoding_format: encoding,
      messages: z.tuple([
        z.strictObject({
          role: z.literal('user'),
          content: z
            .array(
              z.union([
                z.strictObject({
                  type: z.literal('image_url'),
                  image_url: z.strictObject({ url: dataUrl }),
                }),
                z.strictObject({ type: z.literal('text'), text: z.string() }),
              ]),
            )
            .min(1),
        }),
      ]),
    }),
    z.strictObject({
      model: z.string(),
      encoding_format: encoding,
      input: z.array(z.string()).min(1),
      padding: z.literal('max_length').optional(),
    }),
  ]),
  infinity: z.union([
    z.strictObject({
      model: z.string(),
      encoding_format: encoding,
      modality: z.literal('image'),
      input: z.array(dataUrl).min(1).max(32),
    }),
    z.strictObject({
      model: z.string(),
      encoding_format: encoding,
      modality: z.literal('text').optional(),
      input: z.array(z.string()).min(1).max(2048),
    }),
  ]),
  llamacpp: z.strictObject({
    content: z.union([
      z.array(z.string()).min(1),
      z
        .array(
          z.strictObject({
            prompt_string: z.string(),
            multimodal_data: z.array(z.base64()).length(1),
          }),
        )
        .min(1),
    ]),
  }),
}
export type Dialect = keyof typeof requests
type Input = { readonly jpeg: Buffer } | { readonly text: string }

const paths: Record<Dialect, string> = {
  vllm: '/v1/embeddings',
  infinity: '/embeddings',
  llamacpp: '/embeddings',
}

/**
 * The part of vLLM, Infinity and llama.cpp's server that embeds, over real HTTP. Its model knows colours: a picture's
 * vector is its mean colour and a few pixels, a text's the colours that it names.
 */
export class FakeEmbeddingServer extends LocalServer {
  readonly calls: { path: string; body: Record<string, unknown> }[] = []
  readonly inputs: Input[][] = []
  readonly keys: (string | undefined)[] = []
  behaviour: ServerBehaviour = {}
  /** Calls that are with it now, and the most there were. */
  now = 0
  most = 0
  #marker = newMarker()
  readonly #dialect: Dialect
  readonly #validate = contractValidator('openai-chat-embeddings.openapi.json')

  constructor(dialect: Dialect) {
    super()
    this.#dialect = dialect
  }

  /** As a start anew does. */
  changeMarker(): void {
    this.#marker = newMarker()
  }

  /** How many pictures and texts were asked for. */
  counts(): [number, number] {
    const all = this.inputs.flat()
    return [
      all.filter((each) => 'jpeg' in each).length,
      all.filter((each) => 'text' in each).length,
    ]
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.most = Math.max(this.most, ++this.now)
    try {
      await this.#answer(request, response)
    } finally {
      this.now--
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { behaviour } = this
    this.keys.push(request.headers.authorization)
    if (this.#dialect === 'llamacpp' && request.url === '/props') {
      return send(response, 200, { media_marker: this.#marker, total_slots: 1 })
    }
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string
    if (request.method !== 'POST' || request.url !== paths[this.#dialect]) {
      return send(response, 404, { error: { message: 'File Not Found' } })
    }
    if (behaviour.slow) await setTimeout(behaviour.slow, undefined, { ref: false })
    if (behaviour.fail && behaviour.fail.times-- > 0) {
      const { status, retryAfter, message = 'as told' } = behaviour.fail
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
      return send(response, status, { error: { message } })
    }
    if (behaviour.garbage !== undefined) return void response.end(behaviour.garbage)
    const body = JSON.parse(text) as Record<string, unknown>
    this.calls.push({ path: request.url, body })
    const parsed = requests[this.#dialect].safeParse(body)
    if (!parsed.success) return send(response, 422, { error: { message: z.prettifyError(parsed.error) } }) // prettier-ignore
    try {
      this.#checkAgainstOpenAi(body)
    } catch (error) {
      return send(response, 400, { error: { message: String(error) } })
    }
    const inputs = this.#inputsOf(parsed.data)
    if (!inputs) return send(response, 400, { error: { message: 'number of bitmaps (1) does not match number of markers (0)' } }) // prettier-ignore
    this.inputs.push(inputs)
    if (behaviour.noWords && inputs.some((each) => 'text' in each)) {
      return send(response, 400, { error: { message: 'this model has no text encoder' } })
    }
    const vectors = await Promise.all(inputs.map((each) => this.#vectorOf(each)))
    if (vectors.includes(null)) {
      return send(response, 400, { error: { message: 'cannot identify image file' } })
    }
    send(response, 200, this.#present(vectors as number[][], body['encoding_format']))
  }

  /** What of a request is OpenAI's, its own description describes. */
  #checkAgainstOpenAi(body: Record<string, unknown>): void {
    const { padding: _, modality: _modality, ...rest } = body
    if (Array.isArray(body['messages'])) {
      this.#validate?.('ChatCompletionRequestUserMessage', body['messages'][0])
    } else if ('input' in body) this.#validate?.('CreateEmbeddingRequest', rest)
  }

  #inputsOf(body: z.output<(typeof requests)[Dialect]>): Input[] | null {
    const ofUrl = (url: string) => ({ jpeg: Buffer.from(url.split(',')[1]!, 'base64') })
    if ('messages' in body) {
      const { content } = body.messages[0]
      const picture = content.find((part) => part.type === 'image_url')
      if (picture) return [ofUrl(picture.image_url.url)]
      return [{ text: content.map((part) => ('text' in part ? part.text : '')).join('') }]
    }
    if ('input' in body) {
      const isImage = 'modality' in body && body.modality === 'image'
      return body.input.map((each) => (isImage ? ofUrl(each) : { text: each }))
    }
    const inputs = body.content.map((each) => {
      if (typeof each === 'string') return { text: each }
      const data = Buffer.from(each.multimodal_data[0]!, 'base64')
      return each.prompt_string.includes(this.#marker) ? { jpeg: data } : null
    })
    return inputs.includes(null) ? null : (inputs as Input[])
  }

  async #vectorOf(input: Input): Promise<number[] | null> {
    const { dimensions = 16, wrongPadding, refuseRed, shows } = this.behaviour
    if (shows) {
      if ('text' in input) return textVector(input.text, dimensions)
      const { channels } = await sharp(input.jpeg).stats()
      const mean = channels.map((channel) => channel.mean) as [number, number, number]
      return pictureVector(shows(mean), input.jpeg, dimensions)
    }
    const vector = Array.from({ length: dimensions }, () => 0)
    if ('text' in input) {
      const text = wrongPadding ? '' : input.text
      const at = ['red', 'green', 'blue'].map((colour) => (text.includes(colour) ? 1 : 0))
      vector.splice(0, 3, ...at)
      if (at.every((value) => value === 0)) vector[3] = 1
      return vector
    }
    const size = { width: 2, height: 2, fit: 'fill' as const }
    const pixels = await sharp(input.jpeg).resize(size).raw().toBuffer()
    const mean = [0, 1, 2].map((channel) => {
      const values = [0, 1, 2, 3].map((at) => 255 - pixels[at * 3 + channel]!)
      return values.reduce((a, b) => a + b) / 4 / 255
    })
    const [r, g, b] = mean as [number, number, number]
    if (refuseRed && r < 0.2 && g > 0.6 && b > 0.6) return null
    // What is missing of the other colours is what there is of one.
    vector.splice(0, 3, g + b - r, r + b - g, r + g - b)
    for (let at = 4; at < dimensions; at++) vector[at] = (pixels[at % 12]! / 255 - 0.5) / 10
    return vector
  }

  #present(vectors: number[][], format: unknown): unknown {
    const { change } = this.behaviour
    if (this.#dialect === 'llamacpp') {
      return vectors.map((vector, index) => ({ index, embedding: [change?.(vector) ?? vector] }))
    }
    const data = vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding:
        change?.(vector) ??
        (format === 'base64'
          ? Buffer.from(Float32Array.from(vector).buffer).toString('base64')
          : vector),
    }))
    const usage = { prompt_tokens: 10 * vectors.length, total_tokens: 10 * vectors.length }
    return { object: 'list', model: 'colours', data, usage }
  }
}

function newMarker(): string {
  return `<__media_${Math.random().toString(36).slice(2)}__>`
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
