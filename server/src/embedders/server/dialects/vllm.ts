import { dataUrl, isSiglip, type Dialect } from './dialect.ts'

/** Of Qwen's template, by which the model finds where a picture that comes alone begins and ends. */
const qwenPlaceholder = '<|vision_start|><|image_pad|><|vision_end|>'

/**
 * vLLM's chat embeddings: `messages` in place of `input`, one prompt a call, so that the model's own chat template is used.
 * https://docs.vllm.ai/en/latest/models/pooling_models/embed/
 */
export function vllm(model: string): Dialect {
  const common = { model, encoding_format: 'base64' }
  const message = (content: object[]) => ({
    path: '/embeddings',
    body: { ...common, messages: [{ role: 'user', content }] },
    optional: ['encoding_format'],
  })
  return {
    baseUrl: (url) => (new URL(url).pathname === '/' ? `${url}/v1` : url),
    picturesPerCall: 1,
    textsPerCall: isSiglip(model) ? 64 : 1,
    pictures([jpeg], { post }) {
      const picture = { type: 'image_url', image_url: { url: dataUrl(jpeg!) } }
      const isQwen = /qwen3-vl/i.test(model)
      return post(message(isQwen ? [picture, { type: 'text', text: qwenPlaceholder }] : [picture]))
    },
    texts(texts, { post }) {
      if (!isSiglip(model)) return post(message([{ type: 'text', text: texts[0]! }]))
      const input = texts.map((text) => text.toLowerCase())
      return post({
        path: '/embeddings',
        body: { ...common, input, padding: 'max_length' },
        // `padding` is not optional: without it there is an answer, and it is wrong.
        optional: ['encoding_format'],
      })
    },
  }
}
