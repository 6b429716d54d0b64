import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImageRecord, QuestionResponse, SearchResponse } from '@lookalike/sdk'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { createClient } from '@lookalike/sdk'
import { until } from '../../server/test/support/until.ts'
import { cli, spawnCli } from './support/cli.ts'
import { temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
let query: string
beforeAll(async () => {
  server = await startServer()
  folder = await temporaryFolder()
  query = await folder.write('query.jpg', await jpeg(1))
  for (let seed = 0; seed < 6; seed++) {
    await server.index(await jpeg(seed), {
      image_uri: `https://example.org/a-rather-long-folder-name/of-pictures/${seed}.jpg`,
      metadata: JSON.stringify({ parity: seed % 2 ? 'odd' : 'even' }),
    })
  }
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

const odd = '{"must":[{"key":"parity","match":{"value":"odd"}}]}'

test('search prints a table, best first, and JSON when asked', async () => {
  const { code, out, err } = await cli(server.url, ['search', query, '--limit', '3'])
  expect(code).toBe(0)
  expect(err).toMatch(/^There are only \d+ pictures: .* from 50 on reliably\.\n$/)
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[0]).toMatch(/^#\s+SCORE\s+MATCH\s+IMAGE\s+DESCRIPTION$/)
  expect(lines[1]).toMatch(/^1\s+1\.000\s+same\s+https:\/\/example\.org\/.*\/1\.jpg/)

  const json = await cli(server.url, ['--json', 'search', query, '--filter', odd])
  const { results } = JSON.parse(json.out) as SearchResponse
  expect(results).toHaveLength(3)
  const exact = await cli(server.url, ['--json', 'search', query, '--threshold', '1'])
  expect((JSON.parse(exact.out) as SearchResponse).results).toMatchObject([{ score: 1 }])
  const none = await cli(server.url, ['search', query, '--filter', '{"must":[{"key":"x","match":{"value":1}}]}']) // prettier-ignore
  expect(none).toMatchObject({ code: 0, out: 'Nothing similar was found.\n' })
})

test('search takes several pictures, records and words, and a region', async () => {
  const uri = (seed: number) =>
    `https://example.org/a-rather-long-folder-name/of-pictures/${seed}.jpg`
  const parts = ['--like', `${uri(2)}=0.5`, '--unlike', uri(3), '--text', 'fox=0.1']
  const { code, out } = await cli(server.url, ['--json', 'search', query, ...parts, '--limit', '2'])
  expect(code).toBe(0)
  const { parts: asked, results } = JSON.parse(out) as QuestionResponse
  expect(asked.map(({ weight }) => weight)).toEqual([1, 0.5, -1, 0.1])
  expect(results[0]!.image_uri).toBe(uri(1))
  const second = await cli(server.url, ['--json', 'search', query, '--region', '0,0,1,1', '--offset', '1']) // prettier-ignore
  expect((JSON.parse(second.out) as QuestionResponse).results).toHaveLength(5)
  const groups = ['search', '--like', uri(1), '--group-by', 'parity', '--exclude', uri(3)]
  const grouped = await cli(server.url, groups)
  expect(grouped.out.trimEnd().split('\n')).toHaveLength(3)
  const all = await cli(server.url, ['search', query, '--like', uri(2), '--all', '--sort', 'parity:desc']) // prettier-ignore
  expect(all).toMatchObject({ code: 0, out: expect.stringContaining(uri(5)) })
})

test('a question that cannot be asked says why', async () => {
  expect((await cli(server.url, ['search'])).err).toMatch(/Name a picture/)
  expect((await cli(server.url, ['search', '--text', 'fox', '--region', '0,0,1,1'])).code).toBe(2)
  expect((await cli(server.url, ['search', query, '--region', '0,0,2,1'])).err).toMatch(/fractions/)
  const expanded = ['search', query, '--text', 'fox', '--ranking', 'expanded']
  expect((await cli(server.url, expanded)).code).toBe(2)
  const gone = await cli(server.url, ['search', query, '--unlike', 'urn:gone'])
  expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('Part 2 of 2 (image ') })
})

test('why says what two pictures share, and where', async () => {
  const uris = (await cli(server.url, ['--json', 'search', query, '--limit', '2'])).out
  const [, second] = (JSON.parse(uris) as SearchResponse).results
  const { code, out } = await cli(server.url, ['why', query, second!.id])
  expect(code).toBe(0)
  expect(out).toMatch(/^score {5}0\.\d{3}\n/)
  for (const part of ['names', 'colours', 'texture', 'layout']) {
    expect(out).toMatch(new RegExp(`^${part} .*\\d %$`, 'm'))
  }
  const asJson = await cli(server.url, ['--json', 'why', second!.image_uri, query])
  expect(JSON.parse(asJson.out)).toMatchObject({ one: { id: second!.id }, other: { id: null } })
})

test('a search stands, tells of a new copy, is changed and removed', async () => {
  const add = ['searches', 'add', 'Copies', query, '--min-match', 'near-duplicate']
  const added = await cli(server.url, [...add, '--webhook', 'https://hooks.example.org/in'])
  expect(added).toMatchObject({ code: 0, err: expect.stringContaining('near-duplicate') })
  expect(added.err).toMatch(/whsec_\S+\. It is not shown again/)
  const id = added.out.trim()
  const copy = await server.index(await jpeg(1, 200, 150), { image_uri: 'urn:copy' })
  const matches = () => cli(server.url, ['searches', 'matches', id, '--unseen', '--seen'])
  const found = await until(matches, ({ out }) => out.includes('urn:copy'))
  expect(found.out).toMatch(/^\* .*near-duplicate/m)
  expect((await matches()).out).toBe('Nothing new has matched.\n')
  const changed = ['searches', 'change', id, '--name', 'Known', '--pause', '--no-webhook']
  expect(await cli(server.url, changed)).toMatchObject({ code: 0 })
  expect((await cli(server.url, ['searches', 'list'])).out).toMatch(/Known +0 +1 .*paused/)
  expect((await cli(server.url, ['searches', 'change', id])).code).toBe(2)
  expect((await cli(server.url, ['searches', 'remove', id])).out).toBe(`Removed ${id}.\n`)
  expect((await cli(server.url, ['searches', 'list'])).out).toBe('No search stands.\n')
  await cli(server.url, ['delete', copy.body.id])
})

test('judgements that were kept are listed and forgotten', async () => {
  const client = createClient({ baseUrl: server.url })
  const { images } = await client.list({ limit: 2 })
  const parts = [{ id: images[0]!.id }]
  const { number } = await client.feedback.add(parts, images[1]!.id, 'irrelevant')
  expect((await cli(server.url, ['feedback', 'list'])).out).toMatch(/irrelevant +\S{36} +\S{36}/)
  expect((await cli(server.url, ['feedback', 'remove'])).code).toBe(2)
  expect((await cli(server.url, ['feedback', 'remove', String(number)])).code).toBe(0)
  expect((await cli(server.url, ['feedback', 'remove', '--all', '--yes'])).code).toBe(0)
  expect((await cli(server.url, ['feedback', 'list'])).out).toBe('No judgement is kept.\n')
})

test('a table fits the terminal and keeps the end of a long URI', async () => {
  const { out } = await cli(server.url, ['search', query, '--limit', '2'], { outColumns: 70 })
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(70)
  expect(out).toMatch(/…\S*pictures\/1\.jpg/)
})

test('text search finds by names, and says which word is none', async () => {
  const found = await cli(server.url, ['text', 'fox', '--limit', '2'])
  expect(found.code).toBe(0)
  expect(found.out.trim().split('\n')).toHaveLength(3)
  const { code, err } = await cli(server.url, ['text', 'a', 'red', 'bird'])
  expect(code).toBe(1)
  expect(err).toMatch(/^lookalike: .*"red"/s)
})

test('list, show and status tell what is there', async () => {
  const list = await cli(server.url, ['list', '--limit', '4'])
  expect(list.out.split('\n')[0]).toMatch(/^ID\s+SIZE\s+IMAGE\s+METADATA$/)
  expect(list.err).toContain('There are more')
  const json = await cli(server.url, ['--json', 'list', '--filter', odd])
  const images = JSON.parse(json.out) as ImageRecord[]
  expect(images).toHaveLength(3)

  const [{ id, image_uri: uri, sha256 }] = images as [ImageRecord]
  for (const name of [id, uri]) {
    const { out } = await cli(server.url, ['show', name])
    expect(out).toContain(`sha256         ${sha256}`)
  }
  const described = await cli(server.url, ['describe', 'https://example.org/a-rather-long-folder-name/of-pictures/0.jpg', 'Some', 'words']) // prettier-ignore
  expect(described).toMatchObject({ code: 0, out: 'Described.\n' })
  expect(await cli(server.url, ['show', 'nonsense'])).toMatchObject({ code: 2 })
  expect(await cli(server.url, ['show', 'urn:unknown'])).toMatchObject({ code: 1 })

  const status = await cli(server.url, ['status'])
  expect(status.out).toMatch(/images\s+6\n/)
  expect(JSON.parse((await cli(server.url, ['--json', 'status'])).out)).toMatchObject({
    images: 6,
    health: { status: 'ok' },
  })
})

test('delete shows and asks before a filter takes anything', async () => {
  const twins = [await server.index(await jpeg(21)), await server.index(await jpeg(22))]
  const [first, second] = twins.map(({ body }) => body.id) as [string, string]
  const one = await cli(server.url, ['delete', first, 'urn:nobody'])
  expect(one).toMatchObject({ code: 1, out: 'Deleted 1 picture.\n' })
  expect(one.err).toContain('urn:nobody: The library has no image')

  await server.index(await jpeg(22), { metadata: '{"parity":"none"}' })
  const filter = '{"must":[{"key":"parity","match":{"value":"none"}}]}'
  const dry = await cli(server.url, ['delete', '--filter', filter, '--dry-run'])
  expect(dry.out).toMatch(/^1 picture would be deleted\./)
  const unasked = await cli(server.url, ['delete', '--filter', filter])
  expect(unasked).toMatchObject({ code: 1, out: '' })
  expect(unasked.err).toContain(second)
  const agreed = await cli(server.url, ['delete', '--filter', filter], { ask: async () => 'y' })
  expect(agreed).toMatchObject({ code: 0, out: 'Deleted 1 picture.\n' })
  expect(await cli(server.url, ['delete'])).toMatchObject({ code: 2 })
})

test('wrong usage and an absent server are told in a sentence', async () => {
  expect(await cli(server.url, ['frobnicate'])).toMatchObject({ code: 2 })
  expect(await cli(server.url, ['list', '--filter', '{'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('must be JSON'),
  })
  const absent = await cli('http://127.0.0.1:1', ['status'])
  expect(absent).toMatchObject({ code: 1, out: '' })
  expect(absent.err).toMatch(
    /^lookalike: Lookalike cannot be reached at http:\/\/127\.0\.0\.1:1\. .+\n$/,
  )
  const help = await cli(server.url, ['--help'])
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('LOOKALIKE_API_KEY')
})

test('the real program reads a list from a pipe and speaks to it', async () => {
  const program = spawnCli(server.url, ['import', '-', '--json'])
  program.stdin.end(`${query}\n\n`)
  const { code, out, err } = await program.ended
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(JSON.parse(out)).toMatchObject({ sent: 1, failed: 0 })
})

test('the command is linked into the workspace', () => {
  const bin = join(import.meta.dirname, '../../lookalike/bin/lookalike.js')
  const { status, stdout } = spawnSync(process.execPath, [bin, 'help', 'import'], {
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  expect(stdout).toContain('--uri-prefix')
})
