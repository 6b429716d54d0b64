import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { startServer } from '../support/server.ts'

/** Takes what is exported; OTLP is protobuf, in which texts and ids lie as they are. */
async function startCollector() {
  const bodies: { url: string | undefined; type: string | undefined; body: Buffer }[] = []
  const collector = createServer(async (request, response) => {
    const { url, headers } = request
    bodies.push({ url, type: headers['content-type'], body: await buffer(request) })
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  return { endpoint, bodies, stop: () => collector.close() }
}

test('each request is a span with its stages, in the trace of its caller', async () => {
  const collector = await startCollector()
  const server = await startServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  try {
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
    const sent = await server.search(await jpeg(1), {}, { headers: { traceparent } })
    expect(sent.status).toBe(200)
    await fetch(`${server.url}/api/images?filter=secret`)
    await server.services.tracing!.close()
    const [first] = collector.bodies
    expect(first).toMatchObject({ url: '/v1/traces', type: 'application/x-protobuf' })
    const all = Buffer.concat(collector.bodies.map(({ body }) => body))
    const texts = ['lookalike', 'POST /api/images/search-similar', 'GET /api/images', 'decode', 'search'] // prettier-ignore
    for (const text of texts) expect(all.includes(text), text).toBe(true)
    expect(all.includes(Buffer.from(traceId, 'hex'))).toBe(true)
    expect(all.includes('secret')).toBe(false)
  } finally {
    await server.stop()
    collector.stop()
  }
})

test('without their packages the start says which command brings them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const hook =
    "import{registerHooks}from'node:module';registerHooks({resolve(name,context,next){" +
    "if(name==='@opentelemetry/sdk-trace')throw(Object.assign(new(Error)('none'),{code:'ERR_MODULE_NOT_FOUND'}));return(next(name,context))}})"
  const { url, output, ended } = await startProcess(
    {
      DATA_DIR: folder,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      NODE_OPTIONS: `--import=data:text/javascript,${hook}`,
    },
    folder,
  )
  expect([url, await ended]).toEqual([null, 1])
  expect(output()).toMatch(
    /^OTEL_EXPORTER_OTLP_ENDPOINT: .+\n {2}npm install --no-save @opentelemetry/,
  )
  await rm(folder, { recursive: true, force: true })
})
