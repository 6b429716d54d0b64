import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { recordId } from '../../server/src/records/record-id.ts'
import { uriOf } from '../library/records.ts'
import { linesOf } from './lines.ts'
import type { Requests } from './requests.ts'

/** Something that a server does, long enough that others might wait for it. */
export interface Work {
  readonly name: string
  /** Resolves when it is done, with all that follows it in the background. */
  readonly run: (server: Requests) => Promise<unknown>
}

/** What is measured with; all of a library of `records`. */
export interface Given {
  readonly records: number
  readonly embedder: { readonly id: string; readonly dimensions: number }
  /** Files of pictures to index. */
  readonly pictures: readonly string[]
}

const mostImported = 20_000
const importedAtOnce = 500
const editedAtOnce = 1000
const idleMs = 10_000
const repeats = 20

const half = { must: [{ key: 'favourite', match: { value: true } }] }
const twentieth = { must: [{ key: 'category', match: { value: 'category 3' } }] }
const several = { must: [...half.must, ...twentieth.must, { key: 'year', range: { gte: 2020 } }] }

/** In an order in which none spoils the next; the one that deletes comes last. */
export function worksOn({ records, embedder, pictures }: Given): Work[] {
  const imported = Math.min(records, mostImported)
  const id = (number: number) => recordId(uriOf(number % records))
  const ids = (count: number, from = 0) =>
    Array.from({ length: count }, (_, at) => id(from + at * 7919))
  const question = (asked: object) => {
    const form = new FormData()
    form.set('question', JSON.stringify({ limit: 10, ...asked }))
    return form
  }
  const parts = (count: number, from: number) => ids(count, from).map((each) => ({ id: each }))
  const often = (ask: (server: Requests, round: number) => Promise<unknown>) =>
    async (server: Requests) => {
      for (let round = 0; round < repeats; round++) await ask(server, round)
    } // prettier-ignore
  const importing = (count: number, name: string) => async (server: Requests) => {
    for (const lines of linesOf(count, importedAtOnce, name, embedder)) {
      await server.sendLines('/api/import', lines)
    }
  }

  return [
    { name: 'nothing', run: () => setTimeout(idleMs) },
    {
      name: 'duplicates: first question',
      run: (server) => server.get('/api/duplicates'),
    },
    { name: 'export of all', run: (server) => server.drain('/api/export') },
    {
      name: 'facet: 1000 values',
      run: often((server) => server.get('/api/facets/album', { limit: 1000 })),
    },
    {
      name: 'facet: 1000 values under a filter, 1/2',
      run: often((server) => server.get('/api/facets/album', { limit: 1000, filter: half })),
    },
    {
      name: 'facet: descriptions, each its own',
      run: (server) => server.get('/api/facets/description'),
    },
    {
      name: 'list: three conditions, with total',
      run: often((server) => server.get('/api/images', { filter: several, total: true })),
    },
    {
      name: 'outline: by time, 1/2',
      run: often((server) =>
        server.get('/api/images/outline', { sort: 'newest', filter: half, total: true }),
      ),
    },
    {
      name: 'list: a text of every tenth',
      run: often((server, round) => server.get('/api/images', { q: `pict ${round % 10}` })),
    },
    {
      name: 'words: in every record',
      run: often((server) =>
        server.send('POST', '/api/images/search-text', { query: 'a sentence' }),
      ),
    },
    {
      name: 'search: filter, 1/2',
      run: often((server, round) =>
        server.get(`/api/images/${id(round * 101)}/similar`, { filter: half }),
      ),
    },
    {
      name: 'count: filter, 1/2',
      run: often((server) => server.delete('/api/images', { filter: half, dry_run: true })),
    },
    {
      name: 'question of ten parts',
      run: often((server, round) =>
        server.send('POST', '/api/images/search', question({ parts: parts(10, round * 37) })),
      ),
    },
    {
      name: 'question, combine=all',
      run: often((server, round) =>
        server.send(
          'POST',
          '/api/images/search',
          question({ parts: parts(2, round * 41), combine: 'all' }),
        ),
      ),
    },
    {
      name: 'question, diversity',
      run: often((server, round) =>
        server.send(
          'POST',
          '/api/images/search',
          question({ parts: parts(2, round * 41), diversity: 0.5 }),
        ),
      ),
    },
    { name: 'map laid out', run: untilMap },
    {
      name: 'metadata of all patched',
      run: async (server) => {
        for (let from = 0; from < records; from += editedAtOnce) {
          const some = Array.from({ length: Math.min(editedAtOnce, records - from) }, (_, at) =>
            id(from + at),
          )
          await server.send('PATCH', '/api/images', { ids: some, metadata: { seen: from } })
        }
      },
    },
    {
      name: 'snapshot of the records',
      run: (server) => server.send('POST', '/api/snapshots?of=records'),
    },
    {
      name: 'snapshot of the graph',
      run: (server) => server.send('POST', '/api/snapshots?of=graph'),
    },
    { name: 'graph: first question', run: askGraph },
    { name: 'import', run: importing(imported, 'imported') },
    { name: 'import, the same again', run: importing(imported / 4, 'imported') },
    { name: 'index made of what came', run: (server) => server.untilSettled() },
    {
      name: `${pictures.length} pictures indexed`,
      run: async (server) => {
        for (const path of pictures) {
          const form = new FormData()
          form.set('image_file', new Blob([await readFile(path)]), basename(path))
          form.set('image_uri', `https://example.org/indexed/${basename(path)}`)
          await server.send('POST', '/api/images/index', form)
        }
      },
    },
    {
      name: 'import, ten searches standing',
      run: async (server) => {
        for (let at = 0; at < 10; at++) {
          const form = question({ parts: parts(1, at * 53) })
          form.set('name', `${at}`)
          await server.send('POST', '/api/searches', form)
        }
        await importing(imported / 4, 'watched')(server)
        await setTimeout(2_000)
      },
    },
    {
      name: 'judgements kept',
      run: often((server, round) => {
        const form = question({ parts: parts(1, 5) })
        form.set('image', id(round * 13))
        form.set('judgement', 'relevant')
        return server.send('POST', '/api/feedback', form)
      }),
    },
    {
      name: 'delete by filter, 1/2',
      run: (server) => server.delete('/api/images', { filter: half }),
    },
  ]
}

async function untilMap(server: Requests): Promise<void> {
  for (;;) {
    const { phase, detail } = await server.get<{ phase: string; detail: string | null }>(
      '/api/map',
      { limit: 1000 },
    )
    if (phase === 'failed') throw new Error(detail ?? phase)
    if (phase === 'ready') return
    await setTimeout(200)
  }
}

async function askGraph(server: Requests): Promise<void> {
  const query = 'SELECT (COUNT(*) AS ?n) { ?image a <https://schema.org/ImageObject> }'
  for (let attempt = 0; ; attempt++) {
    try {
      await server.get('/api/kg/sparql', { query })
      return
    } catch (error) {
      if (attempt === 20) throw error
      await setTimeout(1000)
    }
  }
}
