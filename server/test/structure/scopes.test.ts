import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const path = join(import.meta.dirname, '../../../docs/openapi.json')
const { paths } = JSON.parse(readFileSync(path, 'utf8')) as {
  paths: Record<string, Record<string, { security?: { apiKey?: string[] }[] }>>
}

/** Calls by the scope of the key that they take, as the description of the API has it. */
const calls = Object.entries(paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, { security = [] }]) => {
    const scope = security.flatMap(({ apiKey = [] }) => apiKey)[0] ?? 'open'
    return { call: `${method} ${template}`, scope, isSafe: method === 'get' }
  }),
)
const named = (wanted: (typeof calls)[number]['scope'], isSafe: boolean) =>
  calls.filter((each) => each.scope === wanted && each.isSafe === isSafe).map(({ call }) => call)

// A call that is added here changes nothing: whoever has a key for reading may make it.
test('what a key for reading opens besides GET only looks', () => {
  expect(named('read', false).toSorted()).toEqual([
    'post /api/images/lookup',
    'post /api/images/search',
    'post /api/images/search-similar',
    'post /api/images/search-text',
    'post /api/images/why',
    'post /api/kg/sparql',
  ])
})

test('looking takes no key for writing, and keys, snapshots and re-indexing one for admin', () => {
  expect(named('write', true)).toEqual([])
  expect(named('admin', true)).toEqual(['get /api/keys'])
  const admin = calls.filter(({ call }) => /^(?!get).* \/api\/(keys|snapshots|reindex)/.test(call))
  expect(admin.map(({ scope }) => scope)).toEqual(admin.map(() => 'admin'))
  expect(named('open', false).toSorted()).toEqual(['delete /api/session', 'post /api/session'])
  expect(named('open', true)).toEqual([])
})
