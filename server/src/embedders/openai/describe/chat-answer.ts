import { z } from 'zod'
import { rejected } from '../../../providers/provider-errors.ts'
import { checkDescription, declined } from './description.ts'
import { noPicture, refusal } from './prompt.ts'
import { withoutThoughts } from './thoughts.ts'

/** Content in parts, of which thoughts are one kind. */
const part = z.union([
  z.string(),
  z.object({
    type: z.string().nullish(),
    text: z.string().nullish(),
    refusal: z.string().nullish(),
    thought: z.boolean().nullish(),
  }),
])

/** The fields of the answer that are used; fields of reasoning are not. */
const chatAnswer = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.union([z.string(), z.array(part)]).nullish(),
          refusal: z.string().nullish(),
        }),
      }),
    )
    .min(1),
})
const entry = z.object({ picture: z.string().nullish(), description: z.string().nullish() })

/** Characters that are looked at: a description has a thousand. */
const maxLength = 20_000

const cutOff = /^(length|model_length|max_(output_|completion_)?tokens|incomplete)$/i
const stopped =
  /^(content_?filter(ed)?|safety|prohibited_content|blocklist|blocked|recitation|spii|refusal|image_safety|guardrail\w*)$/i

/**
 * The description in an answer to the prompt.
 *
 * @throws LookalikeError `provider_rejected` where there is none
 */
export async function readChatAnswer(
  answer: unknown,
  { model, maxTokens }: { model: string; maxTokens: number },
): Promise<string> {
  const parsed = chatAnswer.safeParse(answer)
  if (!parsed.success) throw rejected(model, 'its answer is malformed.', parsed.error)
  const { finish_reason, message } = parsed.data.choices[0]!
  const parts = [message.content ?? ''].flat()
  const refused = message.refusal || parts.map(refusalIn).find(Boolean)
  if (refused) throw declined(model, refused)
  if (stopped.test(finish_reason ?? '')) {
    throw declined(model, "the provider's content filter stopped it")
  }
  if (cutOff.test(finish_reason ?? '')) {
    throw rejected(
      model,
      `it was cut off (finish reason ${finish_reason}). A description takes about 200 tokens, and models that think first take many more: ` +
        `raise OPENAI_VISION_MAX_TOKENS, which is ${maxTokens}, or the limit of the server itself.`,
    )
  }
  const text = parts.map(wordsIn).join('')
  const words = withoutThoughts(text).slice(0, maxLength)
  if (!words && text.trim()) throw rejected(model, 'it thought, and then said nothing.')
  return wordsOfEntry(words, model)
}

function refusalIn(given: z.infer<typeof part>): string | null | undefined {
  if (typeof given === 'string') return null
  return given.refusal ?? (given.type === 'refusal' ? (given.text ?? 'it refused') : null)
}

function wordsIn(given: z.infer<typeof part>): string {
  if (typeof given === 'string') return given
  const isText = given.type === 'text' || given.type === 'output_text'
  return isText && !given.thought ? (given.text ?? '') : ''
}

async function wordsOfEntry(words: string, model: string): Promise<string> {
  const json = words.replace(/^```\w*\s*|\s*```$/g, '')
  if (!json.startsWith('{')) return checkDescription(words, model)
  const { picture, description } = entryIn(json, model)
  const isDescribed = !picture || picture.toUpperCase() === 'DESCRIBED'
  if (isDescribed) return checkDescription(description, model, { isEntry: true })
  throw declined(model, picture === noPicture ? 'it saw no picture' : description || refusal)
}

function entryIn(json: string, model: string): z.infer<typeof entry> {
  try {
    return entry.parse(JSON.parse(json))
  } catch (error) {
    throw rejected(model, 'its answer has not the form that was asked for.', error)
  }
}
