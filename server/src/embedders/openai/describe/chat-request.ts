import type { OptionalRequest } from '../../../providers/optional-parameters.ts'
import { answerFormat, describePrompt } from './prompt.ts'

/** @param url the picture, as a data URL */
export function chatRequest(
  url: string,
  { model, detail, maxTokens }: { model: string; detail: string; maxTokens: number },
  refused: ReadonlySet<string>,
): OptionalRequest {
  // Newer models want the first of these names, older servers the second.
  const limit = ['max_completion_tokens', 'max_tokens'].find((name) => !refused.has(name))
  const parameters = {
    ...(limit && { [limit]: maxTokens }),
    ...(!refused.has('temperature') && { temperature: 0 }),
    ...(!refused.has('response_format') && { response_format: answerFormat }),
  }
  const image = {
    type: 'image_url',
    image_url: refused.has('detail') ? { url } : { url, detail },
  }
  // Some models know no instructions beside what the user says.
  const messages = refused.has('system')
    ? [{ role: 'user', content: [{ type: 'text', text: describePrompt }, image] }]
    : [
        { role: 'system', content: describePrompt },
        { role: 'user', content: [image] },
      ]
  const others = ['detail', 'system'].filter((name) => !refused.has(name))
  return {
    body: { model, messages, ...parameters },
    optional: [...Object.keys(parameters), ...others],
  }
}
