import OpenAI from 'openai'
import type { Ledger } from '../../state/ledger.ts'
import type { State } from '../../state/state.ts'
import { describingEmbedder } from '../describing-embedder.ts'
import type { Embedder } from '../embedder.ts'
import { visionModel, describerName, type VisionOptions } from './describe/vision-model.ts'
import { type EmbeddingOptions, embeddingModel, maxAnswerBytes } from './embed/embedding-model.ts'
import { estimateImage } from './estimate.ts'
import { assertPriced, type Prices } from '../../providers/prices.ts'
import { openDispatcher } from '../../providers/dispatcher.ts'
import type { Proxies } from '../../providers/proxies.ts'
import { providerFetch } from '../../providers/fetch.ts'
import { OptionalParameters } from '../../providers/optional-parameters.ts'
import { Provider } from '../../providers/provider.ts'
import { settingNames } from './setting-names.ts'

export interface OpenAiOptions {
  readonly apiKey: string | undefined
  readonly baseUrl: string
  readonly proxies: Proxies
  readonly vision: VisionOptions
  readonly embedding: EmbeddingOptions
  /** Calls under way at once, at most. */
  readonly maxConcurrency: number
  /** Instead of, and beside, the table's. */
  readonly prices: Prices
  readonly state: State
}

/** Bytes of an answer, at most: a description with the thoughts of a model that thinks long. */
const maxChatBytes = 4e6

/**
 * The library's own embedder and the one that re-embeds it share the slots, for they call the same
 * provider: known by the ledger that counts their calls.
 */
const providers = new WeakMap<Ledger, Provider>()

/**
 * A vision model describes the picture, an embedding model embeds the description.
 *
 * @throws LookalikeError `unsupported` when there is a budget and a model without a price
 */
export default function openOpenAiEmbedder(options: OpenAiOptions): Embedder {
  const { vision, embedding, prices, maxConcurrency } = options
  const { ledger, memory } = options.state
  if (ledger.monthlyBudget !== undefined) assertPriced([vision.model, embedding.model], prices)
  const dispatcher = openDispatcher(options.proxies)
  const depsFor = (kind: string, { model }: { model: string }, maxBytes: number) => ({
    client: new OpenAI({
      // A compatible server may ask for no key; the client insists on some text.
      apiKey: options.apiKey ?? 'none',
      baseURL: options.baseUrl,
      fetch: providerFetch({
        dispatcher,
        apiKey: options.apiKey,
        maxBytes,
        model,
        urlSetting: settingNames.url,
      }),
      // `Provider` has its own retries, and one deadline for all attempts together, which comes before.
      timeout: 2 * Math.max(vision.timeoutMs, embedding.timeoutMs),
      maxRetries: 0,
      // Answers are small, and one that is compressed comes in chunks: a model server nearby takes 40 ms longer.
      defaultHeaders: { 'accept-encoding': 'identity' },
    }),
    provider,
    parameters: new OptionalParameters(
      options.state.refusedParameters,
      `${options.baseUrl} ${kind} ${model}`,
    ),
  })
  const provider = providers.get(ledger) ?? new Provider({ ledger, prices, maxConcurrency })
  providers.set(ledger, provider)
  const textEmbedderName = `${embedding.model}@${embedding.dimensions}`
  return describingEmbedder(
    {
      id: `openai:${vision.model}/${textEmbedderName}`,
      dimensions: embedding.dimensions,
      describerName: describerName(vision),
      textEmbedderName,
      concurrency: maxConcurrency,
      keepsDescriptionsOf: (id) => id.startsWith(`openai:${vision.model}/`),
      describe: visionModel(depsFor('chat', vision, maxChatBytes), vision),
      embedText: embeddingModel(
        depsFor('embeddings', embedding, maxAnswerBytes(embedding.dimensions)),
        embedding,
      ),
      health: () => provider.health(),
      backlog: () => provider.backlog(),
      estimate: () =>
        estimateImage(ledger, {
          visionModel: vision.model,
          embeddingModel: embedding.model,
          prices,
          maxConcurrency,
        }),
    },
    memory,
  )
}
