import OpenAI from 'openai'
import { encodeJpeg } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'
import { unitVector } from '../../vectors.ts'
import type { EmbedContext, Embedded, Embedder, Usage } from '../embedder.ts'
import { describeMaxTokens, describePrompt } from './prompt.ts'
import { explainProviderError, rejected } from './provider-errors.ts'

export interface OpenAiOptions {
  readonly apiKey: string | undefined
  readonly baseUrl: string
  readonly visionModel: string
  readonly embeddingModel: string
  readonly dimensions: number
  /** Longest wait for one answer, its retries included. */
  readonly timeoutMs: number
}

/** Long edge of the copy that is sent: what `detail: high` scales to anyway, in fewer bytes. */
const sentEdge = 768
const maxBatch = 8

/** A vision model describes the picture, an embedding model embeds the description. */
export default function openOpenAiEmbedder(options: OpenAiOptions): Embedder {
  const { visionModel, embeddingModel, dimensions, timeoutMs } = options
  const client = new OpenAI({
    // A compatible server may ask for no key; the client insists on some text.
    apiKey: options.apiKey ?? 'none',
    baseURL: options.baseUrl,
    timeout: timeoutMs,
    maxRetries: 2,
  })

  async function ask<T>(
    model: string,
    context: EmbedContext,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal } = context
    try {
      // The client's own timeout starts anew with each retry; this one bounds them together.
      return await call(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
    } catch (error) {
      throw explainProviderError(error, { model, timeoutMs, signal })
    }
  }

  async function describe(image: NormalisedImage, context: EmbedContext): Promise<Described> {
    const jpeg = await encodeJpeg(image, sentEdge)
    const url = `data:image/jpeg;base64,${jpeg.toString('base64')}`
    const answer = await ask(visionModel, context, (signal) =>
      client.chat.completions.create(
        {
          model: visionModel,
          max_completion_tokens: describeMaxTokens,
          temperature: 0,
          messages: [
            { role: 'system', content: describePrompt },
            { role: 'user', content: [{ type: 'image_url', image_url: { url, detail: 'high' } }] },
          ],
        },
        { signal },
      ),
    )
    const message = answer.choices?.[0]?.message
    if (message?.refusal) throw rejected(visionModel, `it declined to describe the picture.`)
    const description = message?.content?.trim()
    if (!description) throw rejected(visionModel, 'its description is empty.')
    return {
      description,
      usage: usageOf(answer.usage?.prompt_tokens, answer.usage?.completion_tokens),
    }
  }

  async function embedTexts(texts: string[], context: EmbedContext): Promise<Embedded[]> {
    context.onStage?.('embed')
    const answer = await ask(embeddingModel, context, (signal) =>
      client.embeddings.create(
        { model: embeddingModel, input: texts, dimensions, encoding_format: 'float' },
        { signal },
      ),
    )
    const rows = [...(answer.data ?? [])].sort((a, b) => a.index - b.index)
    if (rows.length !== texts.length) {
      throw rejected(
        embeddingModel,
        `it returned ${rows.length} vectors for ${texts.length} texts.`,
      )
    }
    const total = answer.usage?.prompt_tokens ?? 0
    return rows.map((row, index) => {
      const length = row.embedding?.length
      if (length !== dimensions || !row.embedding.every(Number.isFinite)) {
        throw rejected(
          embeddingModel,
          `its vector has ${length} numbers instead of ${dimensions}. Check OPENAI_EMBEDDING_DIMENSIONS.`,
        )
      }
      return {
        vector: unitVector(Float32Array.from(row.embedding)),
        description: texts[index]!,
        // One call for all of them: the first carries it.
        usage: index === 0 ? usageOf(total, 0) : { ...usageOf(0, 0), calls: 0 },
      }
    })
  }

  return {
    id: `openai:${visionModel}/${embeddingModel}@${dimensions}`,
    dimensions,
    capabilities: { text: true, describes: 'semantic' },
    maxBatch,
    embedTexts,

    async embedImages(images, context) {
      context.onStage?.('describe')
      const described = await Promise.all(images.map((image) => describe(image, context)))
      const embedded = await embedTexts(
        described.map(({ description }) => description),
        context,
      )
      return embedded.map((one, index) => ({
        ...one,
        usage: add(one.usage, described[index]!.usage),
      }))
    },
  }
}

interface Described {
  readonly description: string
  readonly usage: Usage
}

function usageOf(input_tokens = 0, output_tokens = 0): Usage {
  return { calls: 1, input_tokens, output_tokens }
}

function add(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
  }
}
