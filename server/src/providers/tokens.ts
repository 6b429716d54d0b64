import { z } from 'zod'

/** More than any model takes in one call; what says so has miscounted. */
const maxTokens = 1e8
const tokens = z.number().min(0).max(maxTokens).transform(Math.round).catch(0)
const counted = z.object({
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }),
})

/** The tokens an answer says it took; zero where it counts none, or none that can be true. */
export function tokensOf(answer: unknown) {
  const counts = counted.safeParse(answer).data?.usage
  return {
    inputTokens: counts?.prompt_tokens ?? 0,
    outputTokens: counts?.completion_tokens ?? 0,
  }
}
