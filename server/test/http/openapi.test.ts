import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDownloader } from '../../src/downloads/downloader.ts'
import { apiRequests, type ApiDocument, type ApiRequest } from '../support/api-requests.ts'
import { launchBrowser } from '../support/browser.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

/** `FUZZ_REQUESTS=20000 FUZZ_SEED=7 npx vitest run server/test/http/openapi.test.ts` tries others. */
const fuzz = {
  requests: Number(process.env['FUZZ_REQUESTS'] ?? 800),
  seed: Number(process.env['FUZZ_SEED'] ?? 1),
}

describe('the description of the API', () => {
  let server: TestServer
  let document: ApiDocument
  beforeAll(async () => {
    // Nobody is asked for the pictures that random URLs name.
    const resolve = () => Promise.reject(new Error('no network'))
    server = await startServer({ MAX_UPLOAD_MB: '1' }, () => ({
      downloader: openDownloader({ privateRanges: [], maxBytes: 1e6, resolve }),
    }))
    document = (await getJson<ApiDocument>(`${server.url}/openapi.json`)).body
  })
  afterAll(() => server.stop())

  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate({ ...structuredClone(document) })).toMatchObject({
      valid: true,
    })
  })

  test('is the one in docs/openapi.json; `npm test -- -u` writes it anew', async () => {
    const text = `${JSON.stringify(document, null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../../docs/openapi.json')
  })

  test('names every operation once, sorts it, and gives examples', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { operationId, tags, summary, parameters = [], responses } of operations) {
      expect([operationId, summary, tags?.length]).toEqual([
        expect.any(String),
        expect.any(String),
        1,
      ])
      expect(parameters.filter(({ description }) => !description)).toEqual([])
      const contents = Object.values(responses).flatMap(({ content = {} }) =>
        Object.values(content),
      )
      expect(
        contents.some(({ example }) => example !== undefined),
        operationId,
      ).toBe(true)
    }
  })

  test('is shown at /docs, by this server alone', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      const complaints: string[] = []
      const origins = new Set<string>()
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('request', (request) => origins.add(new URL(request.url()).origin))
      await page.goto(`${server.url}/docs`)
      await page.getByText('Add an image to the library').first().waitFor()
      expect(complaints).toEqual([])
      expect([...origins].filter((origin) => origin !== 'null')).toEqual([server.url])
    } finally {
      await browser.close()
    }
  })

  test(`holds for ${fuzz.requests} random requests, of which none fails the server`, async () => {
    const checked = answerChecker(document)
    const files = await Promise.all([0, 1, 2].map((seed) => jpeg(seed, 24, 24)))
    const images = await Promise.all(files.map((file) => server.index(file)))
    const lines = (await (await fetch(`${server.url}/api/export`)).text()).trimEnd().split('\n')
    const samples = {
      ids: images.map(({ body }) => body.id),
      hashes: images.map(({ body }) => body.sha256!),
      files: [...files, Buffer.from('no picture'), Buffer.alloc(0)],
      lines,
    }
    // Deleting everything would leave little to ask about.
    const weights = { 'delete /api/images': 2, 'post /api/images/index': 30 }
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(apiRequests(document, samples, weights), async (request) => {
        const status = await checked(server.url, request)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }),
      { numRuns: fuzz.requests, seed: fuzz.seed, endOnFailure: true },
    )
    // Requests that all fail the first check would prove little.
    expect(statuses.get(200)!).toBeGreaterThan(fuzz.requests / 10)
    expect(statuses.get(400)!).toBeGreaterThan(fuzz.requests / 10)
  }, 120_000)
})

/** Sends a request and holds the answer to what the description says of it; returns the status. */
function answerChecker(document: ApiDocument) {
  const ajv = new Ajv2020.default({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'api')
  const pointer = (text: string) => text.replaceAll('~', '~0').replaceAll('/', '~1')

  return async (base: string, { method, template, url, headers, body }: ApiRequest) => {
    const answer = await fetch(base + url, { method, headers, body })
    const received = await answer.text()
    const said = `${method} ${url.slice(0, 300)} answers ${answer.status} ${received.slice(0, 300)}`
    expect(answer.status, said).toBeLessThan(500)
    // `..` and nothing at all lead elsewhere as a part of a path.
    const parts = new URL(base + url).pathname.split('/').filter(Boolean)
    if (parts.length !== template.split('/').length - 1) return answer.status
    const { responses } = document.paths[template]![method.toLowerCase()]!
    const named = String(answer.status)
    expect(Object.keys(responses), said).toContain(named)
    const type = answer.headers.get('content-type')?.split(';')[0] ?? ''
    if (!type.endsWith('json') || type === 'application/x-ndjson') return answer.status
    expect(Object.keys(responses[named]?.content ?? {}), said).toContain(type)
    const at = ['paths', template, method.toLowerCase(), 'responses', named, 'content', type, 'schema'] // prettier-ignore
    const validate = ajv.getSchema(`api#/${at.map(pointer).map(encodeURIComponent).join('/')}`)!
    expect(validate(JSON.parse(received)), `${said}\n${ajv.errorsText(validate.errors)}`).toBe(true)
    return answer.status
  }
}
