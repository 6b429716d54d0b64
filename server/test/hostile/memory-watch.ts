import { readdirSync, readFileSync } from 'node:fs'

const everyMs = 50

/** Watches the memory of a process and of those it started; on Linux, elsewhere it sees nothing. */
export class MemoryWatch {
  readonly #pid: string
  readonly #before: number
  readonly #timer: NodeJS.Timeout
  #peak: number

  constructor(pid: number) {
    this.#pid = String(pid)
    this.#before = this.#resident()
    this.#peak = this.#before
    this.#timer = setInterval(() => this.#look(), everyMs)
  }

  /** Such as "memory 200 MB, at most 300 MB". */
  end(): string {
    clearInterval(this.#timer)
    this.#look()
    return `memory ${this.#before} MB, at most ${this.#peak} MB`
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, this.#resident())
  }

  #resident(): number {
    if (process.platform !== 'linux') return 0
    let sum = 0
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8')
        const parent = /PPid:\s+(\d+)/.exec(status)![1]
        if (pid !== this.#pid && parent !== this.#pid) continue
        sum += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
      } catch {
        // It has ended meanwhile.
      }
    }
    return Math.round(sum)
  }
}
