import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../server/src/main.ts')

/** A server of its own over an empty library, watched for its memory. */
export async function startWatchedServer(dataDir: string) {
  const child = spawn(process.execPath, [main], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', EMBEDDER: 'visual' },
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
  return {
    url,
    /** Resident memory every half second, in MB; empty where the system has no /proc. */
    memory,
    async stop() {
      clearInterval(timer)
      child.kill('SIGTERM')
      await new Promise((ended) => child.once('close', ended))
    },
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
