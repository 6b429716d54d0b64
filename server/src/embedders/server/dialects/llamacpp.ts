import { APIError } from 'openai'
import { z } from 'zod'
import { LookalikeError } from '../../../errors.ts'
import type { Dialect, Transport } from './dialect.ts'

const props = z.object({ media_marker: z.string().min(1) })

/**
 * llama.cpp's server with a multimodal projector: a prompt marks with the server's own word, another after each of its
 * starts, where a picture belongs. https://github.com/ggml-org/llama.cpp/tree/master/tools/server
 */
export function llamacpp(): Dialect {
  let marker: string | undefined

  async function askForMarker({ get }: Transport): Promise<string> {
    const found = props.safeParse(await get('/props'))
    if (found.success) return found.data.media_marker
    throw new LookalikeError(
      'provider_rejected',
      'The embedding server names no media_marker under /props, so no picture can be sent to it. Start llama-server with ' +
        '--mmproj and the projector of the model, in a version that embeds pictures.',
    )
  }

  async function ask(jpegs: readonly Buffer[], transport: Transport): Promise<unknown> {
    marker ??= await askForMarker(transport)
    const content = jpegs.map((jpeg) => ({
      prompt_string: marker,
      multimodal_data: [jpeg.toString('base64')],
    }))
    return asList(await transport.post({ path: '/embeddings', body: { content } }))
  }

  return {
    // Below /v1 it speaks OpenAI's way, which has no pictures.
    baseUrl: (url) => url.replace(/\/v1$/, ''),
    picturesPerCall: 8,
    textsPerCall: 64,
    async pictures(jpegs, transport) {
      const before = marker
      try {
        return await ask(jpegs, transport)
      } catch (error) {
        // Started anew since, it has another word for the place.
        if (before === undefined || !(error instanceof APIError)) throw error
        marker = undefined
        if ((await askForMarker(transport)) === before) throw error
        return ask(jpegs, transport)
      }
    },
    texts: async (texts, { post }) =>
      asList(await post({ path: '/embeddings', body: { content: texts } })),
  }
}

/** A bare list, whose vectors are lists of one. */
function asList(answer: unknown): unknown {
  return Array.isArray(answer) ? { data: answer as unknown[] } : answer
}
