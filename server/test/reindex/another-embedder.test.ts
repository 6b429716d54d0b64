import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Info } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

test('a library of another embedder goes on with that one, and an empty one changes hands', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const openai = { EMBEDDER: 'openai', OPENAI_API_KEY: 'sk-test' }
  const image = await jpeg(1)
  /** One server after the other over the same data. */
  const withServer = async (env: Record<string, string>, use: (server: TestServer) => unknown) => {
    const server = await startServer({ DATA_DIR: join(folder, 'data'), ...env })
    await Promise.resolve(use(server)).finally(() => server.stop())
  }
  const embedderOf = async ({ url }: TestServer) =>
    (await getJson<Info>(`${url}/api/info`)).body.embedder.id
  try {
    await withServer(openai, async (server) => {
      expect(await embedderOf(server)).not.toMatch(/^visual:/)
    })
    await withServer({}, async (server) => {
      expect(await embedderOf(server)).toMatch(/^visual:/)
      await server.index(image)
    })
    await withServer(openai, async (server) => {
      expect(await embedderOf(server)).toMatch(/^visual:/)
      expect((await server.search(image)).body.total_found).toBe(1)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
