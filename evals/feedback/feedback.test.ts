import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { buildApp } from '../../server/src/app.ts'
import { compose } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config.ts'
import { picture } from '../../server/test/support/pictures.ts'
import { measuresOf } from './measures.ts'

const judged = (text: string) =>
  [...text].map((each, at) => ({ score: 1 - at / 100, isRelevant: each === '+' }))

test('measures of condensed lists have the values of their definitions', () => {
  expect(measuresOf(judged('++--'))).toEqual({ ap: 1, ndcg: 1, bpref: 1 })
  expect(measuresOf(judged('--+')).bpref).toBe(0)
  const { ap, ndcg, bpref } = measuresOf(judged('+-+-'))
  expect(ap).toBeCloseTo((1 + 2 / 3) / 2, 10)
  expect(ndcg).toBeCloseTo((1 + 1 / 2) / (1 + 1 / Math.log2(3)), 10)
  expect(bpref).toBeCloseTo((1 + 1 / 2) / 2, 10)
  // Equal scores are no merit.
  expect(measuresOf([{ score: 0.5, isRelevant: true }, { score: 0.5, isRelevant: false }]).ap).toBe(0.5) // prettier-ignore
})

test('npm run eval -- --feedback measures by what people judged, with the library and with others', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-feedback-'))
  try {
    await judge(dataDir)
    const json = join(dataDir, 'figures.json')
    const args = [join(import.meta.dirname, '../run.ts'), '--feedback', dataDir]
    const compared = ['--embedder', 'hsv-histogram', '--json', json]
    const { stdout } = await promisify(execFile)(process.execPath, [...args, ...compared])
    expect(stdout).toContain('2 questions with 3 pictures judged right and 2 wrong.')
    expect(stdout).toContain('1 questions are left out whose judgements are all of one kind')
    expect(stdout).toMatch(/visual:\S+ \(the library\) +2 +1\.000 \[1\.000, 1\.000\]/)
    const figures = JSON.parse(await readFile(json, 'utf8'))
    expect(figures).toMatchObject({
      judgements: { relevant: 3, irrelevant: 2, gone: 0 },
      left_out: { one_sided: 1, without_vectors: 0 },
      results: [
        { questions: 2, ap: { mean: 1 } },
        { embedder: 'hsv-histogram', questions: 2 },
      ],
    })
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})

/** Two questions with judgements of both kinds, of a picture that was sent and of an image; one with a single judgement. */
async function judge(dataDir: string): Promise<void> {
  const config = loadConfig({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', GRAPH: 'none' })
  const services = await compose(config)
  const app = await buildApp(services)
  const { feedback, index } = createClient({
    baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }),
  })
  const file = async (seed: number, width = 160) =>
    new Blob([new Uint8Array(await picture(seed, width, 120).jpeg().toBuffer())])
  const ids: string[] = []
  for (const [seed, width] of [[1, 160], [1, 150], [2, 160], [3, 160]]) ids.push((await index(await file(seed!, width))).id) // prettier-ignore
  const [one, likeOne, two, three] = ids as [string, string, string, string]
  const sent = [{ image: await file(1, 155) }]
  await feedback.add(sent, one, 'relevant')
  await feedback.add(sent, two, 'relevant')
  await feedback.add(sent, likeOne, 'relevant')
  // Of one picture and question the last word counts.
  await feedback.add(sent, two, 'irrelevant')
  await feedback.add([{ id: one }], likeOne, 'relevant')
  await feedback.add([{ id: one }], three, 'irrelevant')
  await feedback.add([{ id: two }], three, 'irrelevant')
  app.server.closeAllConnections()
  await app.close()
  await services.deps.store.close()
  services.state.close()
}
