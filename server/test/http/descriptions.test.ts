import { createClient, type Client } from '@lookalike/sdk'
import { afterEach, expect, test } from 'vitest'
import { startFakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer | undefined
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await server?.stop()
  for (const stop of stops.splice(0)) await stop()
})

async function picture(seed: number): Promise<Blob> {
  return new Blob([Uint8Array.from(await jpeg(seed))])
}

async function start(env: Record<string, string> = {}): Promise<Client> {
  server = await startServer(env)
  return createClient({ baseUrl: server.url })
}

test('where vectors are made of descriptions, a new one is found by its words, and says what it cost', async () => {
  const openai = await startFakeOpenAi()
  stops.push(() => openai.stop())
  const client = await start(openAiSettings(openai))
  const { id, indexed_at } = await client.index(await picture(1))
  await client.index(await picture(2))
  const [chats, embeddings] = openai.calls()
  const described = await client.setDescription(id, '  A curtain of my grandmother ')
  expect(described).toMatchObject({
    id,
    description: 'A curtain of my grandmother',
    described_by: 'caller',
    indexed_at,
    cached: false,
    usage: { calls: 1 },
  })
  expect(openai.calls()).toEqual([chats, embeddings! + 1])
  const { results } = await client.searchText('A curtain of my grandmother')
  expect(results[0]).toMatchObject({ id, score: expect.closeTo(1, 5) })

  // The same words again change nothing, and the same file does not bring the model's words back.
  expect(await client.setDescription(id, described.description)).toMatchObject({
    cached: true,
    usage: { calls: 0 },
  })
  const again = await client.index(await picture(1), { imageUri: described.image_uri })
  expect(again.description).toBe('A curtain of my grandmother')

  openai.behave({ fail: { status: 400, times: 9 } })
  await expect(client.setDescription(id, 'Never kept')).rejects.toMatchObject({
    problem: { code: 'provider_rejected' },
  })
  expect((await client.get(id)).description).toBe('A curtain of my grandmother')
})

test('where vectors are made of pictures, a description is kept beside them', async () => {
  const client = await start()
  const { id } = await client.index(await picture(1), { metadata: { album: 'Harz' } })
  const before = await client.similarTo(id)
  expect(await client.setDescription(id, 'Mine')).toMatchObject({
    description: 'Mine',
    described_by: 'caller',
    metadata: { album: 'Harz' },
    usage: { calls: 0 },
  })
  expect((await client.list({ q: 'mine' })).images.map((image) => image.id)).toEqual([id])
  expect((await client.similarTo(id)).results).toEqual(before.results)

  const code = (problem: string) => ({ problem: { code: problem } })
  await expect(client.setDescription(id, '  ')).rejects.toMatchObject(code('invalid_parameter'))
  const unknown = '00000000-0000-4000-8000-000000000000'
  await expect(client.setDescription(unknown, 'x')).rejects.toMatchObject(code('not_found'))
})
