import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { contractValidator } from '../support/contract-schema.ts'

export interface ChatRequest {
  model: string
  messages: { role: string; content: unknown }[]
}
export interface EmbeddingRequest {
  model: string
  input: string | string[]
  dimensions?: number
}

/** A text goes out as it is, anything else as JSON. */
export interface Reply {
  status?: number
  headers?: Record<string, string>
  body: unknown
}

/** How the fake answers; each test sets what it needs. */
export interface Behaviour {
  /** Answer with this status instead, for the first `times` calls. */
  fail?: { status: number; times: number; retryAfter?: number; message?: string }
  /** Never answer. */
  hang?: boolean
  /** Answer only once this is settled. */
  hold?: (kind: 'chat' | 'embedding') => Promise<void> | undefined
  /** Refuse to embed this text, with 400. */
  refuseText?: string
  describe?: (imageUrl: string) => { content: string | null; refusal?: string }
  finishReason?: string
  /** Length of the vectors, whatever was asked for. */
  dimensions?: number
  /** Optional parameters, by where they are in the request, that are answered with `refusal`. */
  refuses?: string[]
  /** The answer to those, by the first of them; OpenAI's own unless given. */
  refusal?: (name: string) => Reply
  /** Sent instead of the usual answer, where it is something. */
  respond?: (kind: 'chat' | 'embedding', body: ChatRequest & EmbeddingRequest) => Reply | undefined
  /** Sent instead of the JSON answer. */
  garbage?: string
}

/** The part of OpenAI's HTTP API that Lookalike uses, with descriptions and vectors of its own. */
export async function startFakeOpenAi(options: { validate?: boolean } = {}) {
  const contract = 'openai-chat-embeddings.openapi.json'
  const validate = options.validate === false ? null : contractValidator(contract)
  const chats: ChatRequest[] = []
  const embeddings: EmbeddingRequest[] = []
  const keys: (string | undefined)[] = []
  const encodings = new Set<string | undefined>()
  const arrivals: number[] = []
  let dropped = 0
  let behaviour: Behaviour = {}

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) dropped++
    })
    const body: unknown = JSON.parse(await readBody(request))
    keys.push(request.headers.authorization)
    encodings.add(request.headers['accept-encoding'] as string | undefined)
    const isChat = request.url === '/v1/chat/completions'
    if (isChat) chats.push(body as ChatRequest)
    else embeddings.push(body as EmbeddingRequest)
    try {
      validate?.(isChat ? 'CreateChatCompletionRequest' : 'CreateEmbeddingRequest', body)
    } catch (error) {
      return send(response, 400, { error: { message: String(error) } })
    }
    arrivals.push(performance.now())
    await behaviour.hold?.(isChat ? 'chat' : 'embedding')
    const reply =
      refusalOf(body as object) ??
      behaviour.respond?.(isChat ? 'chat' : 'embedding', body as ChatRequest & EmbeddingRequest)
    if (reply) {
      for (const [name, value] of Object.entries(reply.headers ?? {}))
        response.setHeader(name, value)
      return send(response, reply.status ?? 200, reply.body)
    }
    if (behaviour.hang) await setTimeout(60_000, undefined, { ref: false })
    if (behaviour.fail && behaviour.fail.times-- > 0) {
      const { status, retryAfter, message = 'as told' } = behaviour.fail
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
      return send(response, status, { error: { message } })
    }
    const texts = isChat ? [] : [(body as EmbeddingRequest).input].flat()
    if (behaviour.refuseText !== undefined && texts.includes(behaviour.refuseText)) {
      return send(response, 400, { error: { message: 'this text is too long' } })
    }
    if (behaviour.garbage !== undefined) {
      response.setHeader('content-type', 'application/json')
      response.end(behaviour.garbage)
      return
    }
    send(response, 200, isChat ? chat(body as ChatRequest) : embed(body as EmbeddingRequest))
  }

  function refusalOf(body: object): Reply | undefined {
    const text = JSON.stringify(body)
    const name = behaviour.refuses?.find((each) =>
      each === 'system' ? text.includes('"role":"system"') : text.includes(`"${each}":`),
    )
    return name === undefined ? undefined : (behaviour.refusal ?? unsupported)(name)
  }

  function chat(request: ChatRequest) {
    const url = imageUrlOf(request)
    const message = behaviour.describe?.(url) ?? { content: `A picture of ${digest(url)}.` }
    return {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: request.model,
      choices: [
        {
          index: 0,
          finish_reason: behaviour.finishReason ?? 'stop',
          logprobs: null,
          message: { role: 'assistant', refusal: null, ...message },
        },
      ],
      usage: { prompt_tokens: 800, completion_tokens: 60, total_tokens: 860 },
    }
  }

  function embed(request: EmbeddingRequest) {
    const inputs = [request.input].flat()
    const length = behaviour.dimensions ?? request.dimensions ?? 3072
    return {
      object: 'list',
      model: request.model,
      data: inputs.map((text, index) => ({
        object: 'embedding',
        index,
        embedding: vectorFor(text, length),
      })),
      usage: { prompt_tokens: 12 * inputs.length, total_tokens: 12 * inputs.length },
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    /** False where the official description is not at hand, so that requests go unchecked. */
    validates: validate !== null,
    chats,
    embeddings,
    keys,
    /** The compressions that answers were asked for in. */
    encodings,
    /** When each call came, in milliseconds. */
    arrivals,
    /** Calls whose caller left before the answer. */
    get dropped() {
      return dropped
    },
    /** How often the vision and the embedding model were asked. */
    calls: () => [chats.length, embeddings.length],
    behave(next: Behaviour) {
      behaviour = next
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As OpenAI words it. */
function unsupported(name: string): Reply {
  const message = `Unsupported parameter: '${name}' is not supported with this model.`
  const error = {
    message,
    type: 'invalid_request_error',
    param: name,
    code: 'unsupported_parameter',
  }
  return { status: 400, body: { error } }
}

export type FakeOpenAi = Awaited<ReturnType<typeof startFakeOpenAi>>

export function imageUrlOf(request: ChatRequest): string {
  const parts = request.messages.flatMap(({ content }) => (Array.isArray(content) ? content : []))
  const image = parts.find((part: { type: string }) => part.type === 'image_url')
  return (image as { image_url: { url: string } }).image_url.url
}

/** The same text always gets the same vector, another text one that is all but orthogonal to it. */
function vectorFor(text: string, length: number): number[] {
  const bytes: number[] = []
  for (let block = 0; bytes.length < length; block++) {
    bytes.push(...createHash('sha256').update(`${block}:${text}`).digest())
  }
  return bytes.slice(0, length).map((byte) => byte - 127.5)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string
  return text
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
}
