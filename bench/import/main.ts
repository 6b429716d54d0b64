import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { startServer } from '../server.ts'
import { hangUp, post, uploadForm } from '../upload.ts'
import { startBare } from './bare.ts'
import { layOut } from './pictures.ts'
import { isFlat, markdown, tenths, type Result, type Turn } from './report.ts'

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../../lookalike/src/main.ts')
/** How many pictures are worked through bare, and then imported, before it is the other's turn again. */
const perTurn = 350
const warmUp = 40
const width = 2 * availableParallelism()
/** A shorter import is over before threads, caches and heaps have reached their size. */
const fewestForMemory = 5000

/**
 * What `lookalike import` reaches, as a share of what decoding and embedding the same files reach by
 * themselves on the same machine, and whether the server's memory stays flat meanwhile. The two go by
 * turns, because a machine that others share is faster at one time than at another.
 *
 * `npm run bench -- import [--images 2800] [--from FOLDER]... [--rounds 1] [--json]`
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string', default: '2800' },
      from: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  try {
    const paths = await layOut(join(folder, 'pictures'), Number(values.images), values.from)
    const results: Result[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      results.push(await measure(paths, join(folder, `data-${round}`)))
    }
    console.log(values.json ? JSON.stringify(results, null, 2) : markdown(results, paths.length))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(paths: string[], dataDir: string): Promise<Result> {
  await mkdir(dataDir)
  const server = await startServer(dataDir, { EMBEDDER: 'visual' })
  const bare = startBare(width)
  try {
    return await takeTurns(bare, server, paths)
  } finally {
    bare.stop()
    await server.stop()
  }
}

type Bare = ReturnType<typeof startBare>
type Server = Awaited<ReturnType<typeof startServer>>

async function takeTurns(bare: Bare, server: Server, paths: string[]): Promise<Result> {
  // Until embedding threads have started and code has been compiled.
  const first = paths.slice(0, warmUp)
  await bare.measure(first)
  await Promise.all(first.map((path) => search(server.url, path)))
  hangUp()
  const turns: Turn[] = []
  const memory: number[] = []
  for (const some of slices(paths)) {
    const alone = await bare.measure(some)
    const cpuBefore = server.cpuSeconds()
    const memoryBefore = server.memory.length
    const { summary } = await importAll(server.url, some)
    memory.push(...server.memory.slice(memoryBefore))
    const cpuSeconds = server.cpuSeconds() - cpuBefore
    if (summary.sent !== some.length) throw new Error(`Sent ${summary.sent} of ${some.length}.`)
    turns.push({
      images: some.length,
      bare: alone,
      import: { seconds: summary.seconds, cpuSeconds },
    })
  }
  const again = await importAll(server.url, paths)
  if (again.summary.unchanged !== paths.length) {
    throw new Error(`Found ${again.summary.unchanged} of ${paths.length} again.`)
  }
  const perTenth = tenths(memory)
  return {
    turns,
    againSeconds: again.processSeconds,
    memory: perTenth,
    flat: paths.length < fewestForMemory ? null : isFlat(perTenth),
  }
}

/** Each has pictures of every kind: those of one folder lie together. */
function slices(paths: string[]): string[][] {
  const count = Math.max(1, Math.round(paths.length / perTurn))
  return Array.from({ length: count }, (_, slice) => paths.filter((_, at) => at % count === slice))
}

async function search(url: string, path: string): Promise<string> {
  return post(`${url}/api/images/search-similar`, uploadForm(await readFile(path)))
}

interface ImportSummary {
  seconds: number
  sent: number
  unchanged: number
}

async function importAll(url: string, paths: string[]) {
  const started = performance.now()
  const command = run(process.execPath, [cli, '--json', '--url', url, 'import', '-'])
  command.child.stdin?.end(paths.join('\n'))
  const { stdout } = await command
  const processSeconds = (performance.now() - started) / 1000
  return { summary: JSON.parse(stdout) as ImportSummary, processSeconds }
}
