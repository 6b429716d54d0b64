import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The releases that the client is made for. */
export const supportedMajors = [20, 22, 26]

/**
 * The Node.js of each release that is at hand: this process's, those that `TEST_NODES` names (paths of
 * binaries, with colons between), and those on the PATH.
 */
export function nodesAtHand(): Map<number, string> {
  const list = (name: string) => process.env[name]?.split(delimiter) ?? []
  const paths = [
    process.execPath,
    ...list('TEST_NODES'),
    ...list('PATH').map((folder) => join(folder, 'node')),
  ]
  const found = new Map<number, string>()
  for (const path of paths.filter(existsSync)) {
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
    const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1])
    if (major && !found.has(major)) found.set(major, path)
  }
  return found
}
