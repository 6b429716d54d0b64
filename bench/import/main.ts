import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { startServer } from '../server.ts'
import type { Bare } from './bare.ts'
import { layOut } from './pictures.ts'
import { isFlat, markdown, tenths, type Result } from './report.ts'

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../../sdk/src/cli/main.ts')
const bare = join(import.meta.dirname, 'bare.ts')
/** Decoding and embedding alone need no more than this many for a steady rate. */
const mostBare = 700

/**
 * What `lookalike import` reaches, as a share of what decoding and embedding the same files reach by
 * themselves on the same machine, and whether the server's memory stays flat meanwhile.
 *
 * `npm run bench -- import [--images 700] [--from FOLDER]... [--rounds 1] [--json]`
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string', default: '700' },
      from: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  try {
    const paths = await layOut(join(folder, 'pictures'), Number(values.images), values.from)
    const results: Result[] = []
    // By turns, so that whatever else the machine does weighs on both.
    for (let round = 0; round < Number(values.rounds); round++) {
      results.push(await measure(folder, paths, join(folder, `data-${round}`)))
    }
    console.log(values.json ? JSON.stringify(results, null, 2) : markdown(results, paths.length))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(folder: string, paths: string[], dataDir: string): Promise<Result> {
  const width = 2 * availableParallelism()
  await mkdir(dataDir)
  const bareAlone = await measureBare(paths, width, join(dataDir, 'bare.json'))
  const server = await startServer(dataDir, { EMBEDDER: 'visual' })
  const importOnce = async () => {
    const call = [cli, '--json', '--url', server.url, 'import', join(folder, 'pictures')]
    const started = performance.now()
    const told = await run(process.execPath, call)
    const processSeconds = (performance.now() - started) / 1000
    return { ...(JSON.parse(told.stdout) as Told), processSeconds }
  }
  const cpuBefore = server.cpuSeconds()
  const memoryBefore = server.memory.length
  const first = await importOnce()
  const memory = tenths(server.memory.slice(memoryBefore))
  const cores = (server.cpuSeconds() - cpuBefore) / first.seconds
  const again = await importOnce()
  await server.stop()
  if (first.sent !== paths.length || again.unchanged !== paths.length) {
    throw new Error(`Sent ${first.sent} and found ${again.unchanged} of ${paths.length} again.`)
  }
  const perSecond = paths.length / first.seconds
  return {
    bare: bareAlone,
    import: { perSecond, cores },
    share: perSecond / bareAlone.perSecond,
    againSeconds: again.processSeconds,
    memory,
    flat: isFlat(memory),
  }
}

interface Told {
  seconds: number
  sent: number
  unchanged: number
}

/** On some of the same files, evenly spread: those at the end may be smaller. */
async function measureBare(paths: string[], width: number, list: string): Promise<Bare> {
  const step = Math.ceil(paths.length / mostBare)
  await writeFile(list, JSON.stringify(paths.filter((_, at) => at % step === 0)))
  const { stdout } = await run(process.execPath, [bare, `${width}`, list])
  return JSON.parse(stdout) as Bare
}
