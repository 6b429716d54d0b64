import type { FakeOpenAi } from '../fakes/openai.ts'

/** Settings of a server whose models are the fake's. */
export function openAiSettings(openai: FakeOpenAi, others: Record<string, string> = {}) {
  return { OPENAI_API_KEY: 'sk-secret', OPENAI_BASE_URL: openai.url, ...others }
}
