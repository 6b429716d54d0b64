import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A Qdrant of the person who runs the tests; absent, these tests are skipped and the fakes stay. */
export const binary = process.env['QDRANT_BIN']

const startsWithinMs = 30_000

interface ClusterOptions {
  /** Port between the nodes. */
  readonly port: number
  /** The first node's address between the nodes; absent for the first. */
  readonly bootstrap?: string
}

/** One Qdrant process, on loopback and free ports, which can be killed and started again on its data. */
export class RealQdrant {
  readonly url: string
  readonly #port: number
  readonly #grpcPort: number
  readonly #folder: string
  readonly #cluster: ClusterOptions | null
  #process: ChildProcess | null = null
  #output = ''

  private constructor(ports: number[], folder: string, cluster: ClusterOptions | null) {
    this.#port = ports[0]!
    this.#grpcPort = ports[1]!
    this.#folder = folder
    this.#cluster = cluster
    this.url = `http://127.0.0.1:${this.#port}`
  }

  static async start(cluster: ClusterOptions | null = null): Promise<RealQdrant> {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-qdrant-'))
    const server = new RealQdrant(await freePorts(2), folder, cluster)
    await server.start()
    return server
  }

  get isRunning(): boolean {
    return this.#process !== null
  }

  async start(): Promise<void> {
    const own = this.#cluster
    const args = own
      ? [
          '--uri',
          `http://127.0.0.1:${own.port}`,
          ...(own.bootstrap ? ['--bootstrap', own.bootstrap] : []),
        ]
      : []
    const child = spawn(binary!, ['--disable-telemetry', ...args], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        QDRANT__LOG_LEVEL: 'WARN',
        QDRANT__SERVICE__HOST: '127.0.0.1',
        QDRANT__SERVICE__HTTP_PORT: `${this.#port}`,
        QDRANT__SERVICE__GRPC_PORT: `${this.#grpcPort}`,
        QDRANT__STORAGE__STORAGE_PATH: join(this.#folder, 'storage'),
        QDRANT__STORAGE__SNAPSHOTS_PATH: join(this.#folder, 'snapshots'),
        ...(own && {
          QDRANT__CLUSTER__ENABLED: 'true',
          QDRANT__CLUSTER__P2P__PORT: `${own.port}`,
        }),
      },
    })
    this.#process = child
    const collect = (chunk: Buffer) =>
      (this.#output = (this.#output + chunk.toString()).slice(-10_000))
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => (this.#output += String(error)))
    await this.#ready()
  }

  async #ready(): Promise<void> {
    const end = performance.now() + startsWithinMs
    while (performance.now() < end && this.#process?.exitCode === null) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null)
      await answer?.text()
      if (answer?.ok) return
      await sleep(50)
    }
    throw new Error(`Qdrant did not start: ${this.#output}`)
  }

  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
  }

  /** Answers nothing from now on, and refuses no connection. */
  hang(): void {
    this.#process!.kill('SIGSTOP')
  }

  goOn(): void {
    this.#process!.kill('SIGCONT')
  }

  async dispose(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Ports that nobody listens on, each another. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
