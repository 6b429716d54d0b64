import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

interface Manifest {
  readonly version: string
  readonly description?: string
  readonly license: string
  readonly exports?: string | Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

/** @param room folder of a workspace, or '.' */
export function manifestOf(room: string): Manifest {
  return JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8')) as Manifest
}

/**
 * What the manifest of every package that is published begins with.
 *
 * Where the sources are is said by whoever publishes: a forge that runs the workflow names itself, and a
 * registry takes a statement of provenance only when both are the same.
 */
export function publicManifest(name: string, env = process.env): Record<string, unknown> {
  const { version, description, license } = manifestOf('.')
  const { GITHUB_SERVER_URL: forge, GITHUB_REPOSITORY: repository } = env
  return {
    name,
    version,
    description,
    license,
    ...(forge &&
      repository && { repository: { type: 'git', url: `git+${forge}/${repository}.git` } }),
    type: 'module',
    publishConfig: { access: 'public', provenance: true },
  }
}
