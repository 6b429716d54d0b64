import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
}

/**
 * Installs built packages from tarballs, as somebody would who got them from a registry. What they
 * depend on is packed from this workspace, so that no registry is asked.
 *
 * @param folder an empty one, outside the workspace
 * @param built folders of packages
 */
export function installPacked(folder: string, built: string[]): void {
  const sources = new Map(built.map((path) => [manifestOf(path).name, path]))
  for (const path of built) addDependencies(path, sources)
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  const packed = npm(folder, [
    'pack',
    '--json',
    '--pack-destination',
    tarballs,
    ...sources.values(),
  ])
  const files = JSON.parse(packed) as { name: string; filename: string }[]
  const dependencies = Object.fromEntries(
    Object.values(files).map(({ name, filename }) => [name, `file:tarballs/${filename}`]),
  )
  const manifest = { name: 'elsewhere', private: true, type: 'module', dependencies }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  npm(folder, ['install', '--offline', '--no-audit', '--no-fund'])
}

function addDependencies(path: string, sources: Map<string, string>): void {
  for (const name of Object.keys(manifestOf(path).dependencies ?? {})) {
    if (sources.has(name)) continue
    const nested = join(path, 'node_modules', name)
    const source = existsSync(nested) ? nested : join(root, 'node_modules', name)
    sources.set(name, source)
    addDependencies(source, sources)
  }
}

function manifestOf(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
}

function npm(folder: string, args: string[]): string {
  // What an `npm test` around this tells its children is not meant for this one.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
  const env = {
    ...Object.fromEntries(own),
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    npm_config_cache: join(folder, 'cache'),
    npm_config_ignore_scripts: 'true',
    npm_config_update_notifier: 'false',
  }
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}
