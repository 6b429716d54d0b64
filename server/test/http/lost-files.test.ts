import { mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FoundImages, IndexResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { picture } from '../support/pictures.ts'
import { sendJson, startServer, type TestServer } from '../support/server.ts'

describe('a file that was lost', () => {
  let server: TestServer
  let sent: Buffer
  let record: IndexResponse
  beforeEach(async () => {
    server = await startServer()
    sent = await picture(1, 900, 700).png().toBuffer()
    record = (await server.index(sent, { image_uri: 'urn:a', description: 'mine' })).body
  })
  afterEach(() => server.stop())

  const place = (kind: string) =>
    join(server.dataDir, 'files', kind, record.sha256!.slice(0, 2), record.sha256!)
  const statusOf = async (kind: string) =>
    (await fetch(`${server.url}/api/images/${record.id}/${kind}`)).status

  const losses: Record<string, (path: string) => Promise<unknown>> = {
    'is gone': (path) => rm(path),
    'is cut short': (path) => truncate(path, 5),
    'is empty': (path) => truncate(path, 0),
    'became a folder': async (path) => {
      await rm(path)
      await mkdir(path)
    },
  }

  test('whoever looks before sending is told to send it', async () => {
    const lookup = async () => {
      const path = `${server.url}/api/images/lookup`
      const { body } = await sendJson<FoundImages>('POST', path, { sha256: [record.sha256] })
      return body.images.map(({ image_url }) => image_url !== null)
    }
    expect(await lookup()).toEqual([true])
    await truncate(place('originals'), 5)
    expect(await lookup()).toEqual([false])
    await server.index(sent, { image_uri: 'urn:a' })
    expect(await lookup()).toEqual([true])
  })

  test.each(Object.keys(losses))('an original that %s is told, and taken again', async (how) => {
    await losses[how]!(place('originals'))
    expect(await statusOf('file')).toBe(404)
    const again = await server.index(sent, { image_uri: 'urn:a' })
    expect(again.status).toBe(200)
    expect(again.body).toMatchObject({ id: record.id, description: 'mine' })
    expect(await statusOf('file')).toBe(200)
    expect((await stat(place('originals'))).size).toBe(sent.length)
  })

  test('an original that grew is no longer the one that was sent', async () => {
    await writeFile(place('originals'), 'x', { flag: 'a' })
    expect(await statusOf('file')).toBe(404)
    await server.index(sent, { image_uri: 'urn:a' })
    expect(await statusOf('file')).toBe(200)
  })

  test.each(['is gone', 'is empty', 'became a folder'])(
    'a thumbnail that %s comes back with the picture',
    async (how) => {
      await losses[how]!(place('thumbnails'))
      expect(await statusOf('thumbnail')).toBe(404)
      await server.index(sent, { image_uri: 'urn:a' })
      expect(await statusOf('thumbnail')).toBe(200)
    },
  )

  test('all of files/, sent again under another URI', async () => {
    await rm(join(server.dataDir, 'files', 'originals'), { recursive: true })
    await rm(join(server.dataDir, 'files', 'thumbnails'), { recursive: true })
    await server.index(sent, { image_uri: 'urn:b' })
    expect(await statusOf('file')).toBe(200)
    expect(await statusOf('thumbnail')).toBe(200)
  })

  test('a folder that vanishes in use is told as such', async () => {
    await rm(join(server.dataDir, 'files'), { recursive: true })
    const other = await picture(2, 900, 700).png().toBuffer()
    const { status, body } = await server.index(other)
    expect([status, body.code]).toEqual([503, 'files_unavailable'])
    expect(await readdir(join(server.dataDir, 'uploads'))).toEqual([])
  })
})
