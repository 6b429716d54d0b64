import { readdirSync, readFileSync } from 'node:fs'

/** What a process has had of the processors, in seconds since it began. */
export interface Had {
  /** On a processor: all threads, and the one that JavaScript of the server runs in. */
  readonly all: number
  readonly main: number
  /** Where that thread could have gone on, and others had the processor. */
  readonly mainWaited: number
}

/** By proc_pid_schedstat, in nanoseconds: on a processor, and runnable without one. */
export function hadBy(pid: number): Had {
  const [main, mainWaited] = schedule(pid, String(pid))
  let all = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) all += schedule(pid, thread)[0]
  return { all, main, mainWaited }
}

function schedule(pid: number, thread: string): [on: number, waiting: number] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
    const [on = 0, waiting = 0] = text.split(' ').map(Number)
    return [on / 1e9, waiting / 1e9]
  } catch {
    // It ended meanwhile.
    return [0, 0]
  }
}

/** Resident memory in MB: what only this process has, and pages of files that the system may take back. */
export function memoryOf(pid: number): { resident: number; anonymous: number; mapped: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const megabytes = (name: string) =>
    (1024 * Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1])) / 1e6
  const [resident, anonymous] = [megabytes('Rss'), megabytes('Anonymous')]
  return { resident, anonymous, mapped: resident - anonymous }
}
