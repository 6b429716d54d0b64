import { fork } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { fill } from '../library/fill.ts'
import { startServer, untilSettled } from '../server.ts'
import type { BareRow, BareTask } from './bare.ts'
import type { CallersNews, CallersTask } from './over-http.ts'
import { hadBy, memoryOf, type Had } from './processor.ts'
import { knownToCallers, searches } from './searches.ts'

const idleMs = 15_000
const searchesForMemory = 1000

/**
 * `npm run bench -- throughput [--records 100000] [--callers 1,8,64] [--seconds 5] [--library folder] [--json file]`: how many
 * searches a second a server answers when so many callers ask at once, over connections that stay open; beside the same
 * questions to its store without HTTP, and to the index below that. What the server's main thread spends on each says
 * how many there can be on a machine that nothing else runs on. Then what the server holds in memory. Linux only: it
 * reads /proc. The library is kept where `--library` says so, and used again.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      records: { type: 'string', default: '100000' },
      callers: { type: 'string', default: '1,8,64' },
      seconds: { type: 'string', default: '5' },
      library: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const size = Number(values.records)
  const callers = values.callers.split(',').map(Number)
  const seconds = Number(values.seconds)
  const folder = values.library
    ? resolve(values.library)
    : await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  const settings = { EMBEDDER: 'visual', GRAPH: 'none', LOG_LEVEL: 'warn', PORT: '0' }
  try {
    await mkdir(folder, { recursive: true })
    const ofLibrary = { ...settings, DATA_DIR: folder }
    if (!existsSync(join(folder, 'library.db'))) await fill(ofLibrary, size, knownToCallers(size))
    const served = await measureServer(folder, settings, { size, callers, seconds })
    const bare = await measureBare({ settings: ofLibrary, size, callers, seconds })
    if (values.json) writeFileSync(values.json, JSON.stringify({ ...served, bare }, null, 2))
    console.log(markdown(size, { ...served, bare }))
  } finally {
    if (!values.library) await rm(folder, { recursive: true, force: true })
  }
}

interface Asking {
  readonly size: number
  readonly callers: readonly number[]
  readonly seconds: number
}

type Memory = ReturnType<typeof memoryOf>

interface ServedRow extends BareRow {
  /** Of the callers, in a process of their own. */
  readonly callersCpuSeconds: number
  /** Of the thread that JavaScript runs in: on a processor, and waiting for one. */
  readonly mainSeconds: number
  readonly mainWaitedSeconds: number
  readonly seconds: number
}

async function measureServer(folder: string, settings: Record<string, string>, asking: Asking) {
  const rows: ServedRow[] = []
  const server = await startServer(folder, settings)
  try {
    await untilSettled(server.url)
    await setTimeout(idleMs)
    const memory: Record<string, Memory> = { idle: memoryOf(server.pid) }
    await askSome(server.url, asking.size)
    memory[`after ${searchesForMemory} searches`] = memoryOf(server.pid)
    for (const what of Object.keys(searches)) {
      for (const count of asking.callers) {
        console.error(`${what}, ${count} callers`)
        rows.push(await measureCallers(server, what, count, asking))
      }
    }
    memory['after all that'] = memoryOf(server.pid)
    return { rows, memory }
  } finally {
    await server.stop()
  }
}

/** One after the other, scattered over the library. */
async function askSome(url: string, size: number): Promise<void> {
  const [searchOf] = Object.values(searches).map((search) => search(size))
  for (let number = 0; number < searchesForMemory; number++) {
    const answer = await fetch(url + searchOf!(number).path)
    await answer.arrayBuffer()
  }
}

async function measureCallers(
  { url, pid }: { url: string; pid: number },
  what: string,
  callers: number,
  { size, seconds }: Asking,
): Promise<ServedRow> {
  const child = fork(join(import.meta.dirname, 'over-http.ts'))
  child.send({ url, search: what, size, callers, seconds } satisfies CallersTask)
  let before: Had | undefined
  return new Promise((resolveRow, reject) => {
    child
      .once('error', reject)
      .once('exit', (code) => reject(new Error(`The callers ended: ${code}`)))
    child.on('message', (news: CallersNews) => {
      if (news === 'begun') return (before = hadBy(pid))
      const after = hadBy(pid)
      resolveRow({
        ...news,
        what,
        callers,
        seconds,
        callersCpuSeconds: news.cpuSeconds,
        cpuSeconds: after.all - before!.all,
        mainSeconds: after.main - before!.main,
        mainWaitedSeconds: after.mainWaited - before!.mainWaited,
      })
    })
  })
}

function measureBare(task: BareTask): Promise<BareRow[]> {
  console.error('Without HTTP')
  const child = fork(join(import.meta.dirname, 'bare.ts'))
  child.send(task)
  return new Promise((resolveRows, reject) => {
    child.once('message', (rows) => resolveRows(rows as BareRow[])).once('error', reject)
    child.once('exit', (code) => reject(new Error(`It ended without an answer: ${code}`)))
  })
}

interface Report {
  readonly rows: ServedRow[]
  readonly memory: Record<string, Memory>
  readonly bare: BareRow[]
}

function markdown(size: number, { rows, memory, bare }: Report): string {
  const cores = cpus().length
  const each = ({ cpuSeconds, answers }: BareRow) => ((1000 * cpuSeconds) / answers).toFixed(2)
  const percent = (share: number) => `${Math.round(100 * share)} %`
  const figures = ({ what, callers, perSecond, p50, p99 }: BareRow) =>
    `${what} | ${callers} | ${perSecond.toFixed(0)} | ${p50.toFixed(2)} | ${p99.toFixed(1)}`
  const served = rows.map((row) => {
    const { seconds, refused } = row
    const cells = [
      figures(row),
      each(row),
      ((1000 * row.mainSeconds) / row.answers).toFixed(2),
      (row.answers / row.mainSeconds).toFixed(0),
      percent(row.cpuSeconds / seconds / cores),
      percent(row.callersCpuSeconds / seconds / cores),
      `${percent(row.mainSeconds / seconds)} + ${percent(row.mainWaitedSeconds / seconds)}`,
      refused,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const megabytes = (value: number) => value.toFixed(0)
  return [
    `${size.toLocaleString('en')} records, on ${cores} cores of ${cpus()[0]!.model.trim()}, Node ${process.version}, load of the machine ${loadavg()[0]!.toFixed(1)}.`,
    '',
    '| search | callers | a second | p50 ms | p99 ms | processor ms each | of that in the main thread | so at most a second | of the cores: server | callers | main thread on one + waiting for one | refused |',
    `|${' --- |'.repeat(12)}`,
    ...served,
    '',
    '| without HTTP | callers | a second | p50 ms | p99 ms | processor ms each |',
    '| --- | --- | --- | --- | --- | --- |',
    ...bare.map((row) => `| ${figures(row)} | ${each(row)} |`),
    '',
    '| memory of the server | resident MB | of its own | mapped files |',
    '| --- | --- | --- | --- |',
    ...Object.entries(memory).map(
      ([when, { resident, anonymous, mapped }]) =>
        `| ${[when, ...[resident, anonymous, mapped].map(megabytes)].join(' | ')} |`,
    ),
  ].join('\n')
}
