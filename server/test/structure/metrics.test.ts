import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startServer, type TestServer } from '../support/server.ts'

const deploy = join(import.meta.dirname, '../../../deploy')

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
where there are none. [operating.md](operating.md) says what to watch. Beside these, \`process_*\` and \`nodejs_*\` are those
that every Node.js program has: processor, memory, descriptors, garbage collection, the delay of the event loop.

| metric | kind | meaning |
| --- | --- | --- |
${rows.join('\n')}

This page is written from the metrics themselves: \`npm test -- server/test/structure -u\`.
`
  await expect(page).toMatchFileSnapshot('../../../docs/metrics.md')
})

test('the dashboard and the alerts ask for metrics that there are', () => {
  const files = readdirSync(deploy).filter((name) => /\.(json|ya?ml)$/.test(name))
  expect(files.length).toBeGreaterThanOrEqual(2)
  const known = new Set(metrics.map(({ name }) => name))
  for (const file of files) {
    const text = readFileSync(join(deploy, file), 'utf8')
    const asked = [...text.matchAll(/\b(?:lookalike|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name) // prettier-ignore
    expect(asked.length, file).toBeGreaterThan(0)
    for (const name of asked) {
      const base = name.replace(/_(bucket|sum|count)$/, '')
      expect(known.has(name) || known.has(base), `${file}: ${name}`).toBe(true)
    }
  }
})

test('docs/operating.md says of every alert what it means, and names none that is not there', () => {
  const rules = readFileSync(join(deploy, 'prometheus-alerts.yml'), 'utf8')
  const page = readFileSync(join(deploy, '../docs/operating.md'), 'utf8')
  const { groups } = parse(rules) as { groups: { rules: { alert: string }[] }[] }
  const alerts = groups.flatMap((group) => group.rules.map(({ alert }) => alert))
  const explained = [...page.matchAll(/^\| `(Lookalike\w+)` \|/gm)].map(([, name]) => name)
  expect(explained.toSorted()).toEqual(alerts.toSorted())
})
