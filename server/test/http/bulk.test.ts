import type { Facets, FoundImages, ImageRecord, Removal } from '@lookalike/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { recordOf } from '../support/records.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

describe('calls about many images', () => {
  let server: TestServer
  let images: ImageRecord[]
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    images = []
    for (let seed = 0; seed < 6; seed++) {
      // Numbers 4 and 5 are the same file.
      const { body } = await server.index(await jpeg(Math.min(seed, 4), 32, 32), {
        image_uri: `https://example.org/${seed}`,
        metadata: JSON.stringify({ odd: seed % 2 === 1, tags: ['all', `n${seed}`] }),
      })
      images.push(recordOf(body))
    }
  })

  const lookup = (sha256: unknown) =>
    sendJson<FoundImages>('POST', `${server.url}/api/images/lookup`, { sha256 })
  const remove = (parameters: Record<string, string>) =>
    getJson<Removal>(`${server.url}/api/images?${new URLSearchParams(parameters)}`, {
      method: 'DELETE',
    })
  const odd = JSON.stringify({ must: [{ key: 'odd', match: { value: true } }] })
  const hasFile = async ({ sha256 }: ImageRecord) => {
    const found = await server.services.deps.files.read('original', sha256!)
    found?.stream.destroy()
    return found !== null
  }

  test('looks up which files are known, every record of each', async () => {
    const { body } = await lookup([images[4]!.sha256!.toUpperCase(), 'f'.repeat(64)])
    expect(body.images.map(({ image_uri }) => image_uri).toSorted()).toEqual([
      'https://example.org/4',
      'https://example.org/5',
    ])
    expect(images[4]).toMatchObject(body.images.find(({ id }) => id === images[4]!.id)!)
    expect((await lookup([])).body.images).toEqual([])
  })

  test.each([
    ['no hash', ['x']],
    ['too many', Array.from({ length: 1001 }, () => 'a'.repeat(64))],
    ['no list', 'a'.repeat(64)],
  ])('refuses a lookup of %s', async (_name, sha256) => {
    const { status, body } = await lookup(sha256)
    expect([status, body.code]).toEqual([400, 'invalid_parameter'])
  })

  test('counts the values of a key', async () => {
    const facets = (path: string) => getJson<Facets>(`${server.url}/api/facets/${path}`)
    expect((await facets('odd')).body).toEqual({
      key: 'odd',
      values: [
        { value: false, count: 3 },
        { value: true, count: 3 },
      ],
    })
    const top = await facets(`tags?limit=1&filter=${encodeURIComponent(odd)}`)
    expect(top.body.values).toEqual([{ value: 'all', count: 3 }])
    expect((await facets('nothing')).body.values).toEqual([])
    expect((await facets(encodeURIComponent('a..b'))).body.code).toBe('invalid_parameter')
  })

  test('a dry run says what would go, and nothing goes', async () => {
    const { body } = await remove({ filter: odd, dry_run: 'true' })
    expect(body).toMatchObject({ dry_run: true, matched: 3, deleted: 0 })
    expect(body.sample.map(({ id }) => id).toSorted()).toEqual(
      [1, 3, 5].map((at) => images[at]!.id).toSorted(),
    )
    expect((await getJson<{ images: number }>(`${server.url}/api/info`)).body.images).toBe(6)
  })

  test('deletes what passes a filter, and the files that nobody uses then', async () => {
    const { body } = await remove({ filter: odd })
    expect(body).toMatchObject({ dry_run: false, matched: 3, deleted: 3 })
    expect(await hasFile(images[1]!)).toBe(false)
    expect(await hasFile(images[5]!)).toBe(true) // number 4 shares it
    expect((await remove({ filter: '{}' })).body.deleted).toBe(3)
    expect(await hasFile(images[5]!)).toBe(false)
    expect((await remove({ filter: '{}' })).body).toMatchObject({ matched: 0, sample: [] })
  })

  test.each([{}, { filter: '{' }, { filter: odd, dry_run: 'perhaps' }])(
    'deletes nothing for %j',
    async (parameters) => {
      const { status, body } = await remove(parameters as Record<string, string>)
      expect([status, body.code]).toEqual([400, 'invalid_parameter'])
      expect((await lookup([images[0]!.sha256!])).body.images).toHaveLength(1)
    },
  )
})
