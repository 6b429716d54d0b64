import type { ImagePage } from '@lookalike/sdk'
import { recordId } from '../../server/src/records/record-id.ts'
import { sha256Of, uriOf } from './records.ts'

/** One kind of request to the library, with what differs from one time to the next. */
export interface Operation {
  readonly name: string
  readonly request: (round: number) => Request | Promise<Request>
}

interface Filter {
  must: object[]
}

const lookedUp = 64 // as many as `lookalike import` asks for at once
const pageSize = 50

const half: Filter = { must: [{ key: 'favourite', match: { value: true } }] }
const twentieth = (round: number): Filter => ({
  must: [{ key: 'category', match: { value: `category ${round % 20}` } }],
})
const thousandth = (round: number): Filter => ({
  must: [{ key: 'album', match: { value: `album ${round * 7}` } }],
})
const several = (round: number): Filter => ({
  must: [...half.must, ...twentieth(round).must, { key: 'year', range: { gte: 2020 } }],
})

/** What people and programs ask of a library of `size` records, writes last. */
export async function operationsOn(url: string, size: number): Promise<Operation[]> {
  const middle = await cursorAt(url, Math.floor(size / 2))
  const get = (path: string, query: Record<string, unknown> = {}) => new Request(addressOf(url, path, query)) // prettier-ignore
  const send = (method: string, path: string, body?: unknown) =>
    new Request(addressOf(url, path), {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
  const list = (query: object) => get('/api/images', { limit: pageSize, ...query })
  const words = (query: string) => send('POST', '/api/images/search-text', { query })
  // Scattered, so that neither pages of the disk nor caches favour them; never the same one twice.
  const pathOf = (round: number) => `/api/images/${recordId(uriOf((round * 7919 + 13) % size))}`
  return [
    { name: 'list: newest 50', request: () => list({}) },
    { name: 'list: 50 in the middle', request: () => list({ cursor: middle }) },
    { name: 'list: filter that passes 1/2', request: () => list({ filter: half }) },
    { name: 'list: filter, 1/20', request: (round) => list({ filter: twentieth(round) }) },
    { name: 'list: filter, 1/1000', request: (round) => list({ filter: thousandth(round) }) },
    { name: 'list: three conditions, 1/154', request: (round) => list({ filter: several(round) }) },
    { name: 'list: newest 50 by time', request: () => list({ sort: 'newest' }) },
    {
      name: 'list: newest 50 by time, filter, 1/2',
      request: () => list({ sort: 'newest', filter: half }),
    },
    { name: 'list: a text of every tenth', request: (round) => list({ q: `pict ${round % 10}` }) },
    { name: 'list: a text of one', request: (round) => list({ q: `/${(round * 7) % size}.jpg` }) },
    { name: 'words: in every record', request: () => words('a sentence') },
    { name: 'words: in 1/20', request: (round) => words(`category ${round % 20}`) },
    { name: 'words: in one', request: (round) => words(`picture ${(round * 7919) % size}`) },
    { name: 'words: in none, a name', request: () => words('zebra') },
    { name: 'outline: 10,000', request: () => get('/api/images/outline', { sort: 'newest' }) },
    {
      name: 'outline: 10,000, filter, 1/2, with total',
      request: () => get('/api/images/outline', { sort: 'oldest', filter: half, total: true }),
    },
    { name: 'facet: 20 values', request: () => get('/api/facets/category') },
    { name: 'facet: 1000 values', request: () => get('/api/facets/album') },
    {
      name: 'facet: 20 values under a filter, 1/2',
      request: () => get('/api/facets/category', { filter: half }),
    },
    {
      name: 'facet: 1000 values under a filter, 1/20',
      request: (round) => get('/api/facets/album', { filter: twentieth(round) }),
    },
    { name: 'count: all', request: () => get('/api/info') },
    ...Object.entries({ '1/2': half, '1/154': several(3) }).map(([share, filter]) => ({
      name: `count: filter, ${share} (dry run of a deletion)`,
      request: () =>
        new Request(addressOf(url, '/api/images', { filter, dry_run: true }), { method: 'DELETE' }),
    })),
    {
      name: `lookup: ${lookedUp} hashes`,
      request: (round) => {
        const sha256 = Array.from({ length: lookedUp }, (_, at) => sha256Of(round * lookedUp + at))
        return send('POST', '/api/images/lookup', { sha256 })
      },
    },
    { name: 'one record', request: (round) => get(pathOf(round)) },
    { name: 'more like it: 10', request: (round) => get(`${pathOf(round)}/similar`) },
    {
      name: 'more like it: 10, filter, 1/20',
      request: (round) => get(`${pathOf(round)}/similar`, { filter: twentieth(round) }),
    },
    {
      name: 'more like it: 10, hide duplicates',
      request: (round) => get(`${pathOf(round)}/similar`, { hide_duplicates: true }),
    },
    { name: 'duplicates: first 10 groups', request: () => get('/api/duplicates') },
    {
      name: 'duplicates: 10 groups further on',
      request: (round) => get('/api/duplicates', { cursor: (round * 10) % (size / 50) }),
    },
    {
      name: 'metadata: replace',
      request: (round) => send('PATCH', pathOf(round), { metadata: { album: `new ${round}` } }),
    },
    { name: 'delete one', request: (round) => send('DELETE', pathOf(round)) },
    {
      name: 'duplicates: first 10 groups after a deletion',
      request: async (round) => {
        await fetch(send('DELETE', pathOf(size / 2 + round))).then((answer) => answer.text())
        return get('/api/duplicates')
      },
    },
  ]
}

async function cursorAt(url: string, wanted: number): Promise<string> {
  let cursor: string | null = null
  for (let seen = 0; seen < wanted;) {
    const response = await fetch(
      addressOf(url, '/api/images', { limit: 1000, ...(cursor && { cursor }) }),
    )
    const page = (await response.json()) as ImagePage
    seen += page.images.length
    cursor = page.next_cursor
  }
  return cursor!
}

function addressOf(url: string, path: string, query: Record<string, unknown> = {}): string {
  const texts = Object.entries(query).map(([key, value]) => [
    key,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
  return `${url}${path}?${new URLSearchParams(texts)}`
}
