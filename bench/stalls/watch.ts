import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded into a server before anything else (`--import`): says over the socket `STALLS_SOCKET` how late the server's main
 * thread came to its work since it was last asked.
 */
export interface Stalls {
  /** The longest that the event loop was late, and what all but one in a hundred of its turns were within: ms. */
  readonly longest: number
  readonly p99: number
  /** Of the longest: ms of a processor that the thread had meanwhile; the rest is disk, other threads, other programs. */
  readonly processor: number
}

const resolutionMs = 1
/** A turn that is not over yet is counted when it is. */
const settleMs = 20

const path = process.env['STALLS_SOCKET']
if (isMainThread && path) watch(path)

function watch(socket: string): void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  let longest = { wall: 0, processor: 0 }
  let before = now()
  setInterval(() => {
    const after = now()
    const wall = after.wall - before.wall
    if (wall > longest.wall) longest = { wall, processor: after.processor - before.processor }
    before = after
  }, resolutionMs).unref()

  const read = (): Stalls => ({
    longest: delays.max / 1e6,
    p99: delays.percentile(99) / 1e6,
    processor: longest.processor,
  })
  rmSync(socket, { force: true })
  createServer((connection) => {
    connection.on('error', () => {})
    setTimeout(() => {
      connection.end(JSON.stringify(read()))
      delays.reset()
      longest = { wall: 0, processor: 0 }
    }, settleMs)
  })
    .listen(socket)
    .unref()
}

function now() {
  const { user, system } = process.threadCpuUsage()
  return { wall: performance.now(), processor: (user + system) / 1000 }
}
