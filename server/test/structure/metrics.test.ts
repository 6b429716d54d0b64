import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../support/server.ts'

interface Described {
  readonly name: string
  readonly kind: string
  readonly help: string
}

let server: TestServer
let metrics: Described[]
beforeAll(async () => {
  server = await startServer()
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [name, kind!])) // prettier-ignore
  metrics = [...text.matchAll(/^# HELP (\S+) (.+)$/gm)].map(([, name, help]) => ({
    name: name!,
    kind: kinds.get(name!)!,
    help: help!,
  }))
})
afterAll(() => server.stop())

test('docs/metrics.md says what the metrics say of themselves', async () => {
  const own = metrics.filter(({ name }) => name.startsWith('lookalike_'))
  const rows = own.map(({ name, kind, help }) => `| \`${name}\` | ${kind} | ${help} |`)
  const page = `# Metrics

\`GET /metrics\` answers in Prometheus' text format: with a key where there are keys, and to programs on the same machine
where there are none. Beside these, \`process_*\` and \`nodejs_*\` are those
that every Node.js program has: processor, memory, descriptors, garbage collection, the delay of the event loop.

| metric | kind | meaning |
| --- | --- | --- |
${rows.join('\n')}

This page is written from the metrics themselves: \`npm test -- server/test/structure -u\`.
`
  await expect(page).toMatchFileSnapshot('../../../docs/metrics.md')
})
