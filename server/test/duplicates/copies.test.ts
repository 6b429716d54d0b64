import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImagePage } from '@lookalike/sdk'
import { afterEach, expect, test } from 'vitest'
import { scene, sharpOf, changes, twoChanges, lookalikes } from '../support/scenes.ts'
import { startProcess } from '../support/process.ts'
import {
  comparedGroups,
  getJson,
  postForm,
  startServer,
  type TestServer,
} from '../support/server.ts'

/** What is compared in the background waits while a machine has other work. */
const timeout = 90_000
const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer(env)
  stops.push(() => server.stop())
  return server
}

const named = (uri: string) => decodeURIComponent(uri.replace('https://example.org/', ''))
const uri = (name: string) => `https://example.org/${encodeURIComponent(name)}`

test(
  'copies are grouped under the one that was changed least, each with what was done to it',
  async () => {
    const server = await start()
    const pixels = await scene(1)
    const original = await sharpOf(pixels).jpeg({ quality: 92 }).toBuffer()
    const files = new Map<string, Uint8Array>([['original', original], ['other', await sharpOf(await scene(2)).jpeg().toBuffer()]]) // prettier-ignore
    const all = { ...changes, ...twoChanges }
    for (const name of ['cropped by 30 %', 'mirrored', 'framed', 'captioned', 'a quarter turn', 'cropped and mirrored']) files.set(name, await all[name]!.make(pixels)) // prettier-ignore
    // The copies come first: what was there before is no reason to keep it.
    for (const [name, bytes] of [...files].toReversed()) await server.index(bytes, { image_uri: uri(name) }) // prettier-ignore

    const page = await server.groups()
    expect(page.total_groups).toBe(1)
    const [group] = page.groups
    expect(named(group!.keeper.image_uri)).toBe('original')
    const said = Object.fromEntries(
      group!.duplicates.map(({ change, image }) => [named(image.image_uri), change]),
    )
    expect(Object.keys(said).toSorted()).toEqual([...files.keys()].filter((name) => name !== 'original' && name !== 'other').toSorted()) // prettier-ignore
    for (const [name, change] of Object.entries(said)) expect(change, name).toMatch(all[name]!.said)
    const mirrored = group!.duplicates.find(({ image }) => named(image.image_uri) === 'mirrored')
    expect(mirrored!.changes).toEqual([{ kind: 'mirrored', amount: null }])

    // The same is said in lists, and of a picture from outside.
    const { images } = (await getJson<ImagePage>(`${server.url}/api/images?limit=100`)).body
    const framed = images.find(({ image_uri }) => named(image_uri) === 'framed')
    expect(framed!.duplicate_of).toMatchObject({ id: group!.keeper.id, change: 'framed' })
    const outside = await changes['cropped by 10 %']!.make(pixels)
    const { results } = (await server.search(outside)).body
    const found = new Map(results.map((result) => [named(result.image_uri), result.change]))
    expect(found.get('original')).toMatch(/^with more around 8\d %$/)
    expect(found.get('other')).toBeNull()
    const distinct = (await server.search(outside, { hide_duplicates: 'true' })).body.results
    expect(distinct).toHaveLength(2)
  },
  timeout,
)

test(
  'pictures that only look alike are no duplicates, whatever their hashes say',
  async () => {
    const server = await start()
    for (const [name, make] of Object.entries(lookalikes)) {
      for (const [at, bytes] of (await make(3)).entries()) {
        await server.index(bytes, { image_uri: uri(`${name} ${at}`) })
      }
    }
    const { groups } = await server.groups()
    // The first of each pair is one scene: these are its copies, and nothing else is.
    const names = groups.map(({ keeper, duplicates }) => [keeper, ...duplicates.map(({ image }) => image)].map(({ image_uri }) => named(image_uri))) // prettier-ignore
    expect(names.flat().filter((name) => name.endsWith(' 1') && !name.includes('panned'))).toEqual(
      [],
    )
  },
  timeout,
)

test(
  'a server that is killed goes on comparing where it was',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const env = { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'silent', GRAPH: 'none' }
    const first = await startProcess(env, folder)
    stops.push(() => first.kill('SIGKILL'))
    for (const seed of [5, 6]) {
      const pixels = await scene(seed)
      const copies: Uint8Array[] = [await sharpOf(pixels).jpeg({ quality: 92 }).toBuffer()]
      for (const name of ['mirrored', 'cropped by 10 %']) copies.push(await changes[name]!.make(pixels)) // prettier-ignore
      for (const [at, bytes] of copies.entries()) {
        const sent = await postForm(`${first.url}/api/images/index`, bytes, { image_uri: uri(`${seed} ${at}`) }) // prettier-ignore
        expect(sent.status).toBeLessThan(300)
      }
    }
    await first.kill('SIGKILL')
    const second = await startProcess(env, folder)
    stops.push(() => second.kill('SIGTERM'))
    const { groups } = await comparedGroups(second.url!)
    const scenes = groups.map(({ keeper, duplicates }) => [keeper, ...duplicates.map(({ image }) => image)].map(({ image_uri }) => named(image_uri)[0])) // prettier-ignore
    expect(scenes.map((each) => each.join('')).toSorted()).toEqual(['555', '666'])
  },
  timeout,
)
