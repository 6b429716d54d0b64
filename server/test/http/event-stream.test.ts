import { afterEach, expect, test, vi } from 'vitest'
import { startFakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { form, startServer } from '../support/server.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('an event stream breathes every 15 s while a model works, and no longer', async () => {
  const openai = await startFakeOpenAi()
  const server = await startServer({ ...openAiSettings(openai), GRAPH: 'none' })
  const gate = Promise.withResolvers<void>()
  openai.behave({ hold: () => gate.promise })
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const response = await fetch(`${server.url}/api/images/search-similar`, {
    method: 'POST',
    headers: { accept: 'text/event-stream' },
    body: form(await jpeg(1)),
  })
  const text = response.text()
  await expect.poll(() => openai.chats.length).toBe(1)
  vi.advanceTimersByTime(46_000)
  gate.resolve()
  const comments = (await text).split('\n').filter((line) => line.startsWith(':'))
  expect(comments).toHaveLength(3)
  expect((await text).trimEnd().split('\n').at(-2)).toBe('event: result')
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  await server.stop()
  await openai.stop()
})
