import type OpenAI from 'openai'
import { encodeJpeg } from '../../../images/encode.ts'
import type { NormalisedImage } from '../../../images/image.ts'
import type { Described } from '../../describing-embedder.ts'
import type { OptionalParameters } from '../../../providers/optional-parameters.ts'
import type { Provider } from '../../../providers/provider.ts'
import { tokensOf } from '../../../providers/tokens.ts'
import { readChatAnswer } from './chat-answer.ts'
import { chatRequest } from './chat-request.ts'
import { promptVersion } from './prompt.ts'
import { settingNames } from '../setting-names.ts'

export interface VisionOptions {
  readonly model: string
  readonly timeoutMs: number
  /** Longest edge of the copy that is sent, in pixels. */
  readonly edge: number
  /** JPEG quality of that copy, 1 to 100. */
  readonly quality: number
  /** How closely OpenAI's models look, and so how many tokens the picture takes. */
  readonly detail: 'low' | 'high' | 'auto'
  /** Tokens of an answer, thoughts included, at most. */
  readonly maxTokens: number
}

interface VisionDeps {
  readonly client: OpenAI
  readonly provider: Provider
  readonly parameters: OptionalParameters
}

/** Names all that shapes a description; what another one brought is not remembered as its own. */
export function describerName({ model, edge, quality, detail }: VisionOptions): string {
  return `${model}/${promptVersion}/${edge}px-q${quality}-${detail}`
}

/** Asks the vision model for a description of the picture. */
export function visionModel({ client, provider, parameters }: VisionDeps, options: VisionOptions) {
  const { model, timeoutMs, edge, quality, maxTokens } = options

  return async (image: NormalisedImage, signal: AbortSignal): Promise<Described> => {
    const jpeg = await encodeJpeg(image, { edge, quality })
    signal.throwIfAborted()
    const url = `data:image/jpeg;base64,${jpeg.toString('base64')}`
    const { answer, usage } = await provider.ask({
      model,
      settings: settingNames,
      timeoutMs,
      timeoutSetting: 'OPENAI_VISION_TIMEOUT_MS',
      signal,
      send: (attempt) =>
        parameters.ask(
          (refused) => chatRequest(url, options, refused),
          (body) => client.post('/chat/completions', { body, signal: attempt }),
        ),
      tokens: tokensOf,
    })
    return { description: await readChatAnswer(answer, { model, maxTokens }), usage }
  }
}
