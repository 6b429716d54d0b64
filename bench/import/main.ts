import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { startServer } from '../server.ts'
import { layOut } from './pictures.ts'

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../../sdk/src/cli/main.ts')
const bare = join(import.meta.dirname, 'bare.ts')
/** Decoding and embedding alone need no more than this many for a steady rate. */
const mostBare = 700

/**
 * What `lookalike import` reaches, as a share of what decoding and embedding the same files reach by
 * themselves on the same machine, and whether the server's memory stays flat meanwhile.
 *
 * `npm run bench -- import [--images 700] [--from FOLDER] [--rounds 1] [--json]`
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string', default: '700' },
      from: { type: 'string' },
      rounds: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  try {
    const paths = await layOut(join(folder, 'pictures'), Number(values.images), values.from)
    const results = []
    // By turns, so that whatever else the machine does weighs on both.
    for (let round = 0; round < Number(values.rounds); round++) {
      results.push(await measure(folder, paths, join(folder, `data-${round}`)))
    }
    console.log(values.json ? JSON.stringify(results, null, 2) : markdown(results, paths.length))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Result = Awaited<ReturnType<typeof measure>>

async function measure(folder: string, paths: string[], dataDir: string) {
  const width = 2 * availableParallelism()
  const { stdout } = await run(process.execPath, [bare, `${width}`, ...paths.slice(0, mostBare)])
  await mkdir(dataDir)
  const server = await startServer(dataDir, { EMBEDDER: 'visual' })
  const importOnce = async () => {
    const call = [cli, '--json', '--url', server.url, 'import', join(folder, 'pictures')]
    const told = await run(process.execPath, call)
    return JSON.parse(told.stdout) as { seconds: number; sent: number; unchanged: number }
  }
  const first = await importOnce()
  const memory = server.memory.slice()
  const again = await importOnce()
  await server.stop()
  if (first.sent !== paths.length || again.unchanged !== paths.length) {
    throw new Error(`Sent ${first.sent} and found ${again.unchanged} of ${paths.length} again.`)
  }
  const barePerSecond = Number(stdout)
  const perSecond = paths.length / first.seconds
  return {
    barePerSecond,
    perSecond,
    share: perSecond / barePerSecond,
    againSeconds: again.seconds,
    memory: [0.25, 0.5, 0.75, 1].map((part) => memory[Math.floor((memory.length - 1) * part)]),
  }
}

function markdown(results: Result[], images: number): string {
  const rows = results.map((result) => {
    const { barePerSecond, perSecond, share, againSeconds, memory } = result
    const cells = [
      barePerSecond.toFixed(1),
      perSecond.toFixed(1),
      `${(share * 100).toFixed(0)} %`,
      againSeconds.toFixed(2),
      memory.map((megabytes) => megabytes?.toFixed(0) ?? '').join(' / '),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    `${images} pictures, ${availableParallelism()} cores, ${2 * availableParallelism()} in flight, Node ${process.version}`,
    '',
    '| bare, images/s | import, images/s | share | again, s | server memory at 1/4, 1/2, 3/4 and end, MB |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
