import type OpenAI from 'openai'
import { z } from 'zod'
import { LookalikeError } from '../../errors.ts'
import { unitVector } from '../../records/vectors.ts'
import type { EmbeddedText } from '../describing-embedder.ts'
import type { Usage } from '../embedder.ts'
import { Batches } from './batches.ts'
import type { Provider } from './provider.ts'
import { rejected } from './provider-errors.ts'

export interface EmbeddingOptions {
  readonly model: string
  readonly dimensions: number
  readonly timeoutMs: number
}

/** OpenAI takes 2048 texts and 300,000 tokens at once; this many of the longest descriptions stay below. */
const textsPerCall = 64
const callConcurrency = 2

/** The fields of the answer that are used. */
const embeddingAnswer = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })),
})
const tokenCounts = z.object({ usage: z.object({ prompt_tokens: z.int() }) })

/** Embeds one text; texts that are asked for at about the same time share a call. */
export function embeddingModel(client: OpenAI, provider: Provider, options: EmbeddingOptions) {
  const { model, dimensions, timeoutMs } = options

  async function embedTogether(texts: string[], signal: AbortSignal): Promise<EmbeddedText[]> {
    const { answer, usage } = await provider.ask<unknown>({
      model,
      timeoutMs,
      timeoutSetting: 'OPENAI_EMBEDDING_TIMEOUT_MS',
      signal,
      send: (attempt) =>
        client.embeddings.create(
          { model, input: texts, dimensions, encoding_format: 'float' },
          { signal: attempt },
        ),
      tokens: (answer) => ({
        inputTokens: tokenCounts.safeParse(answer).data?.usage.prompt_tokens ?? 0,
        outputTokens: 0,
      }),
    })
    const vectors = readVectors(answer, texts.length)
    return shareUsage(usage, texts).map((usage, index) => ({ vector: vectors[index]!, usage }))
  }

  function readVectors(answer: unknown, count: number): Float32Array[] {
    const parsed = embeddingAnswer.safeParse(answer)
    if (!parsed.success) throw rejected(model, 'its answer is malformed.', parsed.error)
    const rows = parsed.data.data.toSorted((a, b) => a.index - b.index)
    if (rows.length !== count || rows.some(({ index }, at) => index !== at)) {
      throw rejected(model, `it returned ${rows.length} vectors for ${count} texts.`)
    }
    return rows.map(({ embedding }) => {
      if (embedding.length !== dimensions) throw wrongLength(embedding.length)
      if (embedding.every((value) => value === 0)) throw rejected(model, 'its vector is all zeros.')
      return unitVector(Float32Array.from(embedding))
    })
  }

  function wrongLength(length: number) {
    return rejected(
      model,
      `its vector has ${length} numbers instead of ${dimensions}. ` +
        `If this model always makes that many, set OPENAI_EMBEDDING_DIMENSIONS=${length}.`,
    )
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
