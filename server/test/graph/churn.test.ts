import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import openEmbeddedGraph from '../../src/graph/embedded/index.ts'

test('images that are described again and again leave nothing of their memory behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const graph = openEmbeddedGraph({ dataDir: folder, deadlineMs: 30_000, memoryBytes: 2e9 })
  const images = 150
  const documents = (round: number) =>
    Array.from({ length: images }, (_, n) => ({
      id: `image-${n}`,
      statements: [
        `<http://e.org/${n}> <urn:lookalike:term:id> "image-${n}" .`,
        ...Array.from({ length: 20 }, (__, k) => `<http://e.org/${n}> <http://e.org/p${k}> "${round} ${n} ${k}" .`), // prettier-ignore
      ],
      changed: [],
    }))
  const latest = async (round: number) => {
    const text = `SELECT (COUNT(*) AS ?n) { ?s <http://e.org/p1> ?o FILTER(STRSTARTS(?o, "${round} ")) }`
    return (await graph.query({ text, format: 'text/csv' })).trim().split(/\s+/).at(-1)
  }
  try {
    await graph.put(documents(0))
    expect(await latest(0)).toBe(String(images))
    const before = process.memoryUsage().rss
    for (let round = 1; round <= 20; round++) {
      await graph.put(documents(round))
      expect(await latest(round)).toBe(String(images))
    }
    // 63,000 statements went, which was 150 MB when their memory was kept.
    const grown = (process.memoryUsage().rss - before) / 1e6
    expect(grown).toBeLessThan(100)
  } finally {
    await graph.close()
    await rm(folder, { recursive: true, force: true })
  }
})
