import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Health, ImagePage, ImageRecord } from '@lookalike/sdk'
import { expect, test, vi } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { getJson, postForm } from '../support/server.ts'

/** How often the server is killed; GRAPH_KILLS=30 for a thorough look. */
const kills = Number(process.env['GRAPH_KILLS'] ?? 2)

test(`killed ${kills} times while it writes, library and graph agree and no statement is lost`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const start = () => startProcess({ DATA_DIR: join(folder, 'data') }, folder)
  const pictures = await Promise.all(Array.from({ length: 8 }, (_, seed) => jpeg(seed, 48, 48)))
  const said = new Set<string>()
  try {
    for (let round = 0; round < kills; round++) {
      const running = await start()
      const writers = [writeImages(running.url!, pictures, round), say(running.url!, round, said)]
      // The first answer takes as long as the machine is busy; then any moment will do.
      await vi.waitFor(() => expect([...said].some(isOf(round))).toBe(true), { timeout: 60_000 })
      await setTimeout(Math.random() * 900)
      await running.kill('SIGKILL')
      await Promise.all(writers)
    }
    const survivor = await start()
    await agree(survivor.url!, said)
    expect(said.size).toBeGreaterThan(0)
    await survivor.kill('SIGKILL')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 600_000)

const isOf = (round: number) => (subject: string) =>
  subject.startsWith(`http://example.org/said/${round}/`)

/** Indexes, edits and deletes until the server is gone. */
async function writeImages(url: string, pictures: Buffer[], round: number): Promise<void> {
  try {
    for (let turn = 0; ; turn++) {
      const image_uri = `http://example.org/${round}/${turn}`
      const fields = { image_uri, metadata: JSON.stringify({ turn }) }
      const picture = pictures[turn % pictures.length]!
      const { body } = await postForm<ImageRecord>(`${url}/api/images/index`, picture, fields)
      const path = `${url}/api/images/${body.id}`
      const edit = { method: 'PATCH', body: '{"metadata":{"turn":-1}}' }
      if (turn % 3 === 1)
        await fetch(path, { ...edit, headers: { 'content-type': 'application/json' } })
      if (turn % 3 === 2) await fetch(path, { method: 'DELETE' })
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error // fetch's word for a connection that broke
  }
}

/** Adds statements until the server is gone, and notes those it acknowledged. */
async function say(url: string, round: number, said: Set<string>): Promise<void> {
  try {
    for (let turn = 0; ; turn++) {
      const subject = `http://example.org/said/${round}/${turn}`
      const response = await fetch(`${url}/api/kg/update`, {
        method: 'POST',
        headers: { 'content-type': 'application/sparql-update' },
        body: `INSERT DATA { <${subject}> <http://example.org/p> "yes" }`,
      })
      if (response.status === 204) said.add(subject)
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}

async function agree(url: string, said: Set<string>): Promise<void> {
  await vi.waitFor(
    async () => {
      const health = (await (await fetch(`${url}/api/health`)).json()) as Health
      expect(health.checks.graph!.status).toBe('ok')
    },
    { timeout: 30_000, interval: 50 },
  )
  const library: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const after: string = cursor && `&cursor=${cursor}`
    const page = await getJson<ImagePage>(`${url}/api/images?limit=1000${after}`)
    library.push(
      ...page.body.images.map(
        ({ image_uri, metadata }) => `${image_uri},${String(metadata['turn'])}`,
      ),
    )
    cursor = page.body.next_cursor
  }
  const described = await table(
    url,
    'SELECT ?i ?t { ?i <urn:lookalike:term:id> ?id ; <urn:lookalike:metadata:turn> ?t }',
  )
  expect(described.toSorted()).toEqual(library.toSorted())
  const kept = new Set(await table(url, 'SELECT ?s { ?s <http://example.org/p> "yes" }'))
  expect([...said].filter((subject) => !kept.has(subject))).toEqual([])
}

async function table(url: string, query: string): Promise<string[]> {
  const response = await fetch(`${url}/api/kg/sparql?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'text/csv' },
  })
  return (await response.text()).trim().split(/\r?\n/).slice(1)
}
