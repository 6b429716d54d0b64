import type OpenAI from 'openai'
import { LookalikeError } from '../../../errors.ts'
import type { EmbeddedText } from '../../describing-embedder.ts'
import type { Usage } from '../../embedder.ts'
import { Batches } from '../../../providers/batches.ts'
import type { OptionalParameters, OptionalRequest } from '../../../providers/optional-parameters.ts'
import type { Provider } from '../../../providers/provider.ts'
import { tokensOf } from '../../../providers/tokens.ts'
import { readVectors } from '../../../providers/vectors.ts'
import { settingNames } from '../setting-names.ts'

export interface EmbeddingOptions {
  readonly model: string
  readonly dimensions: number
  readonly timeoutMs: number
}

/** OpenAI takes 2048 texts and 300,000 tokens at once; this many of the longest descriptions stay below. */
const textsPerCall = 64
const callConcurrency = 2

/** Bytes of an answer, at most: numbers have up to 25 characters. */
export function maxAnswerBytes(dimensions: number): number {
  return 1e6 + textsPerCall * dimensions * 32
}

interface EmbeddingDeps {
  readonly client: OpenAI
  readonly provider: Provider
  readonly parameters: OptionalParameters
}

/** Embeds one text; texts that are asked for at about the same time share a call. */
export function embeddingModel(
  { client, provider, parameters }: EmbeddingDeps,
  options: EmbeddingOptions,
) {
  const { model, dimensions, timeoutMs } = options

  async function embedTogether(texts: string[], signal: AbortSignal): Promise<EmbeddedText[]> {
    const { answer, usage } = await provider.ask({
      model,
      settings: settingNames,
      timeoutMs,
      timeoutSetting: 'OPENAI_EMBEDDING_TIMEOUT_MS',
      signal,
      send: (attempt) =>
        parameters.ask(
          (refused) => embeddingRequest(texts, options, refused),
          (body) => client.post('/embeddings', { body, signal: attempt }),
        ),
      tokens: (answer) => ({ ...tokensOf(answer), outputTokens: 0 }),
    })
    const vectors = readVectors(answer, {
      model,
      dimensions,
      dimensionsSetting: 'OPENAI_EMBEDDING_DIMENSIONS',
      count: texts.length,
    })
    return shareUsage(usage, texts).map((usage, index) => ({ vector: vectors[index]!, usage }))
  }

  const batches = new Batches<string, EmbeddedText>({
    maxItems: textsPerCall,
    concurrency: callConcurrency,
    async send(texts, signal) {
      try {
        const together = await embedTogether(texts, signal)
        return together.map((value) => ({ status: 'fulfilled', value }))
      } catch (error) {
        const oneIsBad = error instanceof LookalikeError && error.code === 'provider_rejected'
        if (!oneIsBad || texts.length === 1) throw error
        // One text the model refuses must not fail those that happened to travel with it.
        return Promise.allSettled(
          texts.map(async (text) => (await embedTogether([text], signal))[0]!),
        )
      }
    },
  })
  return (text: string, signal: AbortSignal) => batches.run(text, signal)
}

function embeddingRequest(
  texts: string[],
  { model, dimensions }: EmbeddingOptions,
  refused: ReadonlySet<string>,
): OptionalRequest {
  const parameters = Object.fromEntries(
    Object.entries({ dimensions, encoding_format: 'float' }).filter(([name]) => !refused.has(name)),
  )
  return { body: { model, input: texts, ...parameters }, optional: Object.keys(parameters) }
}

/** The first text carries the call; tokens and money are shared by length. */
function shareUsage(usage: Usage, texts: string[]): Usage[] {
  const total = texts.reduce((sum, text) => sum + text.length, 0)
  let left = usage.inputTokens
  const shares = texts.map((text) => {
    const tokens = Math.min(left, Math.round((usage.inputTokens * text.length) / total))
    left -= tokens
    return tokens
  })
  shares[0]! += left
  return shares.map((inputTokens, index) => ({
    calls: index === 0 ? usage.calls : 0,
    inputTokens,
    outputTokens: 0,
    estimatedUsd:
      usage.estimatedUsd === null || usage.inputTokens === 0
        ? usage.estimatedUsd
        : (usage.estimatedUsd * inputTokens) / usage.inputTokens,
  }))
}
