import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi, type Reply } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

let openai: FakeOpenAi
let server: TestServer
beforeEach(async () => {
  openai = await startFakeOpenAi()
  server = await startServer(openAiSettings(openai, { OPENAI_EMBEDDING_DIMENSIONS: '64' }))
})
afterEach(async () => {
  await server.stop()
  await openai.stop()
})

const said = (status: number, body: unknown) => (): Reply => ({ status, body })
const error = (message: string) => ({ error: { message } })

describe('a parameter that the server refuses', () => {
  test.each<[string, string[], ((name: string) => Reply)?]>([
    ['is named by OpenAI', ['temperature']],
    ['is named in one word', ['max_completion_tokens'], said(400, error('Unrecognized request argument supplied: max_completion_tokens'))], // prettier-ignore
    ['is named by FastAPI', ['response_format'], said(422, { detail: [{ type: 'extra_forbidden', loc: ['body', 'response_format'], msg: 'Extra inputs are not permitted' }] })], // prettier-ignore
    ['is named by what it is for', ['dimensions'], said(400, { object: 'error', message: 'Model "m" does not support matryoshka representation.', code: 400 })], // prettier-ignore
    ['is named inside of the picture', ['detail'], said(400, error("Unknown field 'messages[1].content[0].image_url.detail'."))], // prettier-ignore
    ['is the role of the instructions', ['system'], said(400, error('Developer instruction is not enabled for this model'))], // prettier-ignore
    ['is refused by a server error', ['encoding_format'], said(500, error('encoding_format is not implemented'))], // prettier-ignore
    ['is refused under a success', ['temperature'], said(200, error('temperature must be 1'))],
    ['is not named at all', ['temperature'], said(400, error('参数错误'))],
    ['is refused without JSON', ['dimensions'], said(400, 'Bad Request')],
    ['is one of many', ['max_completion_tokens', 'max_tokens', 'temperature', 'response_format', 'detail', 'system', 'dimensions', 'encoding_format']], // prettier-ignore
  ])('%s: the model is asked without it, and again so', async (_name, refuses, refusal) => {
    openai.behave({ refuses, dimensions: 64, ...(refusal && { refusal }) })
    const first = await server.index(await jpeg(1))
    expect([first.status, first.body.detail]).toEqual([201, undefined])
    const before = openai.calls()
    expect((await server.index(await jpeg(2))).status).toBe(201)
    expect(openai.calls()).toEqual([before[0]! + 1, before[1]! + 1])
  })

  test('takes others along only where nothing tells them apart', async () => {
    openai.behave({ refuses: ['temperature'] })
    await server.search(await jpeg(1))
    expect(openai.chats[1]).not.toHaveProperty('temperature')
    expect(openai.chats[1]).toHaveProperty('max_completion_tokens', 1000)
    expect(openai.chats[1]).toHaveProperty('response_format')
  })

  test('of two names is sent by the other', async () => {
    const refusal = said(400, error("Use 'max_tokens' instead of 'max_completion_tokens'."))
    openai.behave({ refuses: ['max_completion_tokens'], refusal })
    await server.search(await jpeg(1))
    expect(openai.chats[1]).toHaveProperty('max_tokens', 1000)
  })

  test('is remembered across restarts, for this model alone', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-parameters-'))
    const ask = async (seed: number, env: Record<string, string> = {}) => {
      const one = await startServer(openAiSettings(openai, { DATA_DIR: dataDir, ...env }))
      await one.search(await jpeg(seed))
      await one.stop()
    }
    openai.behave({ refuses: ['temperature'] })
    await ask(1)
    await ask(2)
    expect(openai.chats.length).toBe(3)
    await ask(3, { OPENAI_VISION_MODEL: 'gpt-4o-mini' })
    expect(openai.chats[3]).toHaveProperty('temperature', 0)
    await rm(dataDir, { recursive: true })
  })

  test('is not learned from an error that is about something else', async () => {
    const refusal = said(400, { error: { message: 'Too long', code: 'context_length_exceeded' } })
    openai.behave({ refuses: ['model'], refusal })
    expect((await server.search(await jpeg(1))).body.code).toBe('provider_rejected')
    expect(openai.chats.length).toBe(1)
    openai.behave({})
    await server.search(await jpeg(1))
    expect(openai.chats[1]).toHaveProperty('temperature')
  })

  test('is not learned where leaving it out does not help', async () => {
    openai.behave({ refuses: ['model'], refusal: said(400, error('no')) })
    expect((await server.search(await jpeg(1))).body.detail).toMatch(/refused the request \(400\)/)
    expect(openai.chats.length).toBe(2)
    openai.behave({})
    await server.search(await jpeg(1))
    expect(openai.chats[2]).toMatchObject({ temperature: 0, max_completion_tokens: 1000 })
  })
})
