import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Health } from '@lookalike/sdk'

const root = join(import.meta.dirname, '..')

/**
 * A server of its own over a data folder, as `npm start` runs it, watched for its memory.
 *
 * @param flags of Node
 */
export async function startServer(
  dataDir: string,
  settings: Record<string, string>,
  flags: readonly string[] = [],
) {
  const child = spawn(process.execPath, [...flags, join(root, 'server/src/main.ts')], {
    cwd: dataDir, // where no .env lies
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const [, address] = /ready at (\S+)/.exec(chunk.toString()) ?? []
      if (address) resolve(address)
    })
    child.once('close', () => reject(new Error('The server ended before it was ready.')))
  })
  const memory: number[] = []
  const timer = setInterval(() => memory.push(residentMegabytes(child.pid!)), 500)
  const ended = new Promise((resolve) => child.once('close', resolve))
  return {
    url,
    pid: child.pid!,
    /** Resident memory every half second, in MB; NaN where the system has no /proc. */
    memory,
    /** Processor time so far, all threads together; NaN where the system has no /proc. */
    cpuSeconds: () => processorSeconds(child.pid!),
    stop() {
      clearInterval(timer)
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Fields 14 and 15 of proc_pid_stat(5), in ticks of 10 ms; the name before them may hold spaces. */
function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return Number.NaN
  }
}

function residentMegabytes(pid: number): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1000
  } catch {
    return Number.NaN
  }
}

/** Until the vector index is built, for that takes turns with requests. */
export async function untilSettled(url: string): Promise<void> {
  console.error('Waiting for the index')
  // Between two segments Qdrant is green for a moment.
  for (let green = 0; green < 5; await setTimeout(500)) {
    const { checks } = (await (await fetch(`${url}/api/health`)).json()) as Health
    if (checks.store.detail.endsWith('in order.')) return
    green = /: green\./.test(checks.store.detail) ? green + 1 : 0
  }
}
