import { existsSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { layOut } from '../import/pictures.ts'
import { fill } from '../library/fill.ts'
import { recordsOf } from '../library/records.ts'
import { startModels } from './models.ts'
import { markdown, type Row } from './report.ts'
import { Requests } from './requests.ts'
import { type Seen, startWatched, type WatchedServer } from './watched-server.ts'
import { worksOn } from './works.ts'

const pictures = 100
/** Pictures that are searched for, at least. */
const asked = 200

const usual = { EMBEDDER: 'visual', LOG_LEVEL: 'warn', PORT: '0', GRAPH: 'embedded', RATE_LIMIT_PER_MINUTE: '1000000' } // prettier-ignore

/**
 * `npm run bench -- stalls [--records 100000] [--only import,facet] [--library folder] [--json file]`: what the server does that
 * takes long, one after the other, and how long it keeps others waiting: the event loop of the server from inside, and somebody
 * who searches all the while. On the embedded store and graph, over HTTP, records without files.
 *
 * `--library` names a folder that is filled when there is none, and of which a copy is used: runs that are compared begin alike.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      records: { type: 'string', default: '100000' },
      only: { type: 'string', default: '' },
      library: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const records = Number(values.records)
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  const dataDir = join(folder, 'data')
  try {
    await putLibrary(dataDir, records, values.library)
    const rows: Row[] = []
    await measure(folder, dataDir, records, values.only, (row) => {
      rows.push(row)
      if (values.json) writeFileSync(values.json, JSON.stringify(rows, null, 2))
    }).finally(() => console.log(markdown(machine(), records, rows)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function putLibrary(dataDir: string, records: number, kept?: string): Promise<void> {
  if (kept && existsSync(kept)) return cp(kept, dataDir, { recursive: true })
  await fill({ ...usual, DATA_DIR: dataDir }, records)
  // Its index is made once, not in every run.
  const server = await startWatched(dataDir, usual, stayingIds(records))
  await new Requests(server.url).untilSettled()
  await server.stop()
  if (!kept) return
  await cp(dataDir, `${kept}.part`, { recursive: true })
  await rename(`${kept}.part`, kept)
}

async function measure(
  folder: string,
  dataDir: string,
  records: number,
  only: string,
  onRow: (row: Row) => void,
): Promise<void> {
  const isWanted = (name: string) => only.split(',').some((each) => name.startsWith(each.trim()))
  const see = async (name: string, server: WatchedServer, work: (to: Requests) => Promise<unknown>) => {
    if (!isWanted(name)) return
    console.error(name)
    const seen: Seen = await server.during(() => work(new Requests(server.url)))
    onRow({ name, ...seen })
  } // prettier-ignore
  const embedder = openVisualEmbedder()
  const paths = await layOut(join(folder, 'pictures'), pictures)

  const server = await startWatched(dataDir, usual, stayingIds(records))
  try {
    await see('after a start', server, async (to) => {
      await to.untilSettled()
      await setTimeout(5_000) // pages of databases are looked through
    })
    for (const { name, run } of worksOn({ records, embedder, pictures: paths })) {
      await see(name, server, run)
    }
  } finally {
    await server.stop()
  }

  if (isWanted(reembedding)) {
    const models = await startModels(embedder.dimensions)
    const settings = { ...usual, ...models.settings }
    const other = await startWatched(dataDir, settings, stayingIds(records))
    await see(reembedding, other, untilReindexed).finally(async () => {
      await other.stop()
      models.stop()
    })
  }
}

function machine(): string {
  const [core] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} cores of ${core!.model.trim()}, ${memory} GiB, load ${loadavg()[0]!.toFixed(1)} at the end`
}

const reembedding = 're-embedding, with cutover'

async function untilReindexed(server: Requests): Promise<void> {
  await server.send('POST', '/api/reindex', { drop_failed: true })
  for (;;) {
    const { state, reason } = await server.get<{ state: string; reason: string | null }>(
      '/api/reindex',
    )
    if (state === 'complete') return
    if (state !== 'running') throw new Error(reason ?? state)
    await setTimeout(200)
  }
}

/** Of records that the deletion leaves. */
function stayingIds(records: number): string[] {
  const { id, dimensions } = openVisualEmbedder()
  const ids: string[] = []
  for (const some of recordsOf(records, { embedderId: id, dimensions })) {
    ids.push(
      ...some.filter(({ metadata }) => metadata['favourite'] !== true).map((each) => each.id),
    )
    if (ids.length >= asked) break
  }
  return ids
}
