import type { Problem } from '@lookalike/sdk'
import { createClient, LookalikeApiError } from '@lookalike/sdk'
import { afterEach, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { form, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
afterEach(() => server.stop())

test('every problem says whether the same request can succeed later', async () => {
  server = await startServer({ RATE_LIMIT_PER_MINUTE: '1' })
  const post = async (file: Buffer, accept = 'application/json') => {
    const url = `${server.url}/api/images/search-similar`
    return fetch(url, { method: 'POST', headers: { accept }, body: form(file) })
  }
  const refused = await post(Buffer.from('no picture'), 'text/event-stream')
  expect(await refused.text()).toMatch(/"code":"invalid_image","retryable":false/)
  const limited = (await (await post(await jpeg(1))).json()) as Problem
  expect(limited).toMatchObject({ status: 429, code: 'rate_limited', retryable: true })
  const unknown = (await (await fetch(`${server.url}/api/nothing`)).json()) as Problem
  expect(unknown).toMatchObject({ status: 404, code: 'not_found', retryable: false })
  const client = createClient({ baseUrl: server.url })
  const error = await client
    .searchSimilar(form(await jpeg(1)).get('image_file') as Blob)
    .catch((thrown) => thrown)
  expect(error).toBeInstanceOf(LookalikeApiError)
  expect(error).toMatchObject({ retryable: true, problem: { code: 'rate_limited' } })
})
