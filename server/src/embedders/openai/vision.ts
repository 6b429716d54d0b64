import type OpenAI from 'openai'
import { z } from 'zod'
import { encodeJpeg } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'
import type { Described } from '../describing-embedder.ts'
import { checkDescription, declined } from './description.ts'
import { describeMaxTokens, describePrompt, promptVersion } from './prompt.ts'
import { type Provider } from './provider.ts'
import { rejected } from './provider-errors.ts'

export interface VisionOptions {
  readonly model: string
  readonly timeoutMs: number
  /** Longest edge of the copy that is sent, in pixels. */
  readonly edge: number
  /** JPEG quality of that copy, 1 to 100. */
  readonly quality: number
  /** How closely OpenAI's models look, and so how many tokens the picture takes. */
  readonly detail: 'low' | 'high' | 'auto'
}

/** The fields of the answer that are used. */
const chatAnswer = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
})
const tokenCounts = z.object({
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }),
})

/** Names all that shapes a description; what another one brought is not remembered as its own. */
export function describerName({ model, edge, quality, detail }: VisionOptions): string {
  return `${model}/${promptVersion}/${edge}px-q${quality}-${detail}`
}

/** Asks the vision model for a description of the picture. */
export function visionModel(client: OpenAI, provider: Provider, options: VisionOptions) {
  const { model, timeoutMs, edge, quality, detail } = options

  return async (image: NormalisedImage, signal: AbortSignal): Promise<Described> => {
    const jpeg = await encodeJpeg(image, { edge, quality })
    signal.throwIfAborted()
    const url = `data:image/jpeg;base64,${jpeg.toString('base64')}`
    const { answer, usage } = await provider.ask<unknown>({
      model,
      timeoutMs,
      timeoutSetting: 'OPENAI_VISION_TIMEOUT_MS',
      signal,
      send: (attempt) =>
        client.chat.completions.create(
          {
            model,
            max_completion_tokens: describeMaxTokens,
            temperature: 0,
            messages: [
              { role: 'system', content: describePrompt },
              { role: 'user', content: [{ type: 'image_url', image_url: { url, detail } }] },
            ],
          },
          { signal: attempt },
        ),
      tokens: tokensOf,
    })
    const parsed = chatAnswer.safeParse(answer)
    if (!parsed.success) throw rejected(model, 'its answer is malformed.', parsed.error)
    const { finish_reason, message } = parsed.data.choices[0]!
    if (message.refusal) throw declined(model, message.refusal)
    if (finish_reason === 'content_filter') {
      throw declined(model, "the provider's content filter stopped it")
    }
    return { description: checkDescription(message.content, model), usage }
  }
}

/** Zero where a compatible server counts none. */
function tokensOf(answer: unknown) {
  const counts = tokenCounts.safeParse(answer).data?.usage
  return {
    inputTokens: counts?.prompt_tokens ?? 0,
    outputTokens: counts?.completion_tokens ?? 0,
  }
}
