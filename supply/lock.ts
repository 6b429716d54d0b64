import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** A package of somebody else's, as `package-lock.json` has it. */
export interface LockedPackage {
  readonly name: string
  readonly version: string
  /** As its own manifest says. */
  readonly license: string | undefined
  /** Only those who work on Lookalike have it. */
  readonly isForDevelopment: boolean
}

export function lockedPackages(): LockedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; license?: string; dev?: true; link?: true }>
  }
  return Object.entries(lock.packages).flatMap(([path, { version, license, dev, link }]) => {
    const at = path.lastIndexOf('node_modules/')
    if (at === -1 || link) return []
    const name = path.slice(at + 'node_modules/'.length)
    return [{ name, version, license, isForDevelopment: dev === true }]
  })
}
