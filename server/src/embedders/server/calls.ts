import OpenAI from 'openai'
import { LookalikeError } from '../../errors.ts'
import { encodeJpeg } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'
import { Batches } from '../../providers/batches.ts'
import { openDispatcher } from '../../providers/dispatcher.ts'
import { providerFetch } from '../../providers/fetch.ts'
import { OptionalParameters } from '../../providers/optional-parameters.ts'
import type { Provider } from '../../providers/provider.ts'
import type { SettingNames } from '../../providers/provider-errors.ts'
import { tokensOf } from '../../providers/tokens.ts'
import { readVectors } from '../../providers/vectors.ts'
import type { Usage } from '../embedder.ts'
import type { EmbeddedVector } from '../picture-embedder.ts'
import type { Dialect, Transport } from './dialects/dialect.ts'
import { infinity } from './dialects/infinity.ts'
import { llamacpp } from './dialects/llamacpp.ts'
import { vllm } from './dialects/vllm.ts'
import type { DialectName, EmbeddingServerOptions } from './options.ts'

export interface Calls {
  picture(image: NormalisedImage, signal: AbortSignal): Promise<EmbeddedVector>
  text(text: string, signal: AbortSignal): Promise<EmbeddedVector>
  readonly textsPerCall: number
}

type CallOptions = EmbeddingServerOptions & { readonly provider: Provider }

const dialects: Record<DialectName, (model: string) => Dialect> = { vllm, infinity, llamacpp }

const settings: SettingNames = {
  url: 'EMBEDDING_SERVER_URL and EMBEDDING_SERVER_DIALECT',
  key: 'EMBEDDING_SERVER_KEY',
  models: 'EMBEDDING_MODEL',
}

/** 64 vectors of 8,192 numbers, as digits. */
const maxAnswerBytes = 20e6
const jpegQuality = 92
/** Calls of several inputs each: while one is answered, the next is sent. */
const sharedCalls = 2

/** The calls to an embedding server; inputs that are asked for at about the same time share one where the dialect can. */
export function openCalls(options: CallOptions): Calls {
  const { model, apiKey, timeoutMs, provider, maxConcurrency } = options
  const dialect = dialects[options.dialect](model)
  const baseURL = dialect.baseUrl(options.url)
  const client = new OpenAI({
    // The client insists on some text.
    apiKey: apiKey ?? 'none',
    baseURL,
    fetch: providerFetch({
      dispatcher: openDispatcher(options.proxies),
      apiKey,
      maxBytes: maxAnswerBytes,
      model,
      urlSetting: 'EMBEDDING_SERVER_URL',
    }),
    // `Provider` has its own retries, and one deadline for all attempts together.
    timeout: 2 * timeoutMs,
    maxRetries: 0,
    defaultHeaders: { 'accept-encoding': 'identity' },
  })
  const parameters = new OptionalParameters(
    options.state.refusedParameters,
    `${baseURL} ${options.dialect} ${model}`,
  )
  const transport = (signal: AbortSignal): Transport => ({
    get: (path) => client.get(path, { signal }),
    post: ({ path, body, optional = [] }) =>
      parameters.ask(
        (refused) => ({
          body: Object.fromEntries(Object.entries(body).filter(([name]) => !refused.has(name))),
          optional: optional.filter((name) => !refused.has(name)),
        }),
        (sent) => client.post(path, { body: sent, signal }),
      ),
  })

  async function ask(
    count: number,
    signal: AbortSignal,
    send: (transport: Transport) => Promise<unknown>,
    countedAs = model,
  ): Promise<EmbeddedVector[]> {
    const { answer, usage } = await provider.ask({
      model,
      settings,
      timeoutMs,
      timeoutSetting: 'EMBEDDING_TIMEOUT_MS',
      signal,
      countedAs,
      send: (attempt) => send(transport(attempt)),
      tokens: (answered) => ({ ...tokensOf(answered), outputTokens: 0 }),
    })
    const dimensionsSetting = 'EMBEDDING_DIMENSIONS'
    const vectors = readVectors(answer, { model, dimensions: options.dimensions, dimensionsSetting, count }) // prettier-ignore
    return vectors.map((vector, at) => ({ vector, usage: shareOf(usage, count, at) }))
  }

  const pictures = batches<Buffer>(dialect.picturesPerCall, maxConcurrency, (jpegs, signal) =>
    ask(jpegs.length, signal, (to) => dialect.pictures(jpegs, to)),
  )
  const texts = batches<string>(dialect.textsPerCall, maxConcurrency, (each, signal) =>
    // Apart, or what a picture takes could not be told from what has been asked.
    ask(each.length, signal, (to) => dialect.texts(each, to), `${model} (texts)`),
  )
  return {
    async picture(image, signal) {
      const jpeg = await encodeJpeg(image, { edge: options.edge, quality: jpegQuality })
      signal.throwIfAborted()
      return pictures.run(jpeg, signal)
    },
    text: (text, signal) => texts.run(text, signal),
    textsPerCall: dialect.textsPerCall,
  }
}

function batches<Item>(
  maxItems: number,
  maxConcurrency: number,
  send: (items: Item[], signal: AbortSignal) => Promise<EmbeddedVector[]>,
): Batches<Item, EmbeddedVector> {
  return new Batches({
    maxItems,
    concurrency: maxItems === 1 ? maxConcurrency : sharedCalls,
    async send(items, signal) {
      try {
        const together = await send(items, signal)
        return together.map((value) => ({ status: 'fulfilled', value }))
      } catch (error) {
        const oneIsBad = error instanceof LookalikeError && error.code === 'provider_rejected'
        if (!oneIsBad || items.length === 1) throw error
        // One that the model refuses must not fail those that happened to travel with it.
        return Promise.allSettled(items.map(async (item) => (await send([item], signal))[0]!))
      }
    },
  })
}

/** The first of a call carries it; tokens and money are shared alike. */
function shareOf({ calls, inputTokens, estimatedUsd }: Usage, count: number, at: number): Usage {
  const share = Math.floor(inputTokens / count)
  return {
    calls: at === 0 ? calls : 0,
    inputTokens: at === 0 ? inputTokens - share * (count - 1) : share,
    outputTokens: 0,
    estimatedUsd: estimatedUsd === null ? null : estimatedUsd / count,
  }
}
