import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { startServer } from '../server.ts'
import { hangUp, post, uploadForm } from '../upload.ts'
import { layOut } from './pictures.ts'
import { isFlat, markdown, tenths, type Result, type Turn, type Work } from './report.ts'

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../../sdk/src/cli/main.ts')
const bareAlone = join(import.meta.dirname, 'bare.ts')
/** How many pictures are worked through bare, and then imported, before it is the other's turn again. */
const perTurn = 350
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
  try {
    return await takeTurns(server, paths, join(dataDir, 'pictures.txt'))
  } finally {
    await server.stop()
  }
}

type Server = Awaited<ReturnType<typeof startServer>>

/** @param list a file to write lists of pictures to */
async function takeTurns(server: Server, paths: string[], list: string): Promise<Result> {
  const width = 2 * availableParallelism()
  await warmUp(server.url, paths.slice(0, 2 * width))
  const turns: Turn[] = []
  const memory: number[] = []
  for (const some of slices(paths)) {
    await writeFile(list, some.join('\n'))
    const bare = await measureBare(list, width)
    const cpuBefore = server.cpuSeconds()
    const memoryBefore = server.memory.length
    const { told } = await importAll(server.url, some)
    memory.push(...server.memory.slice(memoryBefore))
    const cpuSeconds = server.cpuSeconds() - cpuBefore
    if (told.sent !== some.length) throw new Error(`Sent ${told.sent} of ${some.length}.`)
    turns.push({ images: some.length, bare, import: { seconds: told.seconds, cpuSeconds } })
  }
  const again = await importAll(server.url, paths)
  if (again.told.unchanged !== paths.length) {
    throw new Error(`Found ${again.told.unchanged} of ${paths.length} again.`)
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

/** As bare work is warmed up: embedding threads have started, and code has been compiled. */
async function warmUp(url: string, paths: string[]): Promise<void> {
  const search = async (path: string) =>
    post(`${url}/api/images/search-similar`, uploadForm(await readFile(path)))
  await Promise.all(paths.map(search))
  hangUp()
}

async function measureBare(list: string, width: number): Promise<Work> {
  const { stdout } = await run(process.execPath, [bareAlone, `${width}`, list])
  return JSON.parse(stdout) as Work
}

interface Told {
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
  return { told: JSON.parse(stdout) as Told, processSeconds }
}
