import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { manualPage } from '../lookalike/src/manual/manual-page.ts'
import { supportedNode } from '../lookalike/src/supported-node.ts'
import { manifestOf, publicManifest } from './manifest.ts'
import { root } from './root.ts'

const out = join(root, 'pack/dist/lookalike')

/** Rooms that run, each where it lies in the checkout: what they read lies beside them as it does there. */
const rooms = ['contract', 'embedded-metadata', 'sdk', 'mcp', 'cli', 'server', 'lookalike']

/** What is taken as it is. */
const files = [
  ...rooms.map((room) => `${room}/src/**/*.{bin,txt,wasm,ttl}`),
  'server/src/embedders/visual/LICENSE',
  'samples/graph.ttl',
  'samples/pictures/*',
  'web/dist/**/*',
  'LICENSE',
  'NOTICE',
]

/**
 * Writes `pack/dist/lookalike`, the package that people install: everything that runs, compiled, in the folders
 * of the checkout, with no test and no tool. Node strips no types under `node_modules`, and what the server is
 * written in is newer than the oldest Node that the package takes.
 *
 * @returns that folder
 */
export async function buildLookalike(): Promise<string> {
  rmSync(out, { recursive: true, force: true })
  run(['web/build.ts'])
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc') // prettier-ignore
  run([tsc, '--project', 'pack/tsconfig.json'])
  for (const file of globSync('**/*.js', { cwd: out })) rewrite(file)
  for (const file of find(files)) {
    mkdirSync(dirname(join(out, file)), { recursive: true })
    cpSync(join(root, file), join(out, file))
  }
  cpSync(join(root, 'pack/README.md'), join(out, 'README.md'))
  mkdirSync(join(out, 'man'))
  writeFileSync(join(out, 'man/lookalike.1'), await manualPage())
  // What a program says its version is, it reads beside itself.
  const { version } = manifestOf('.')
  for (const room of ['server', 'cli']) write(`${room}/package.json`, { type: 'module', version })
  write('package.json', {
    ...publicManifest('lookalike'),
    keywords: ['image', 'similarity', 'search', 'self-hosted', 'mcp'],
    bin: { lookalike: 'lookalike/src/main.js' },
    // As a list: npm links no other.
    man: ['man/lookalike.1'],
    exports: { './package.json': './package.json' },
    engines: { node: supportedNode },
    dependencies: dependencies(),
  })
  return out
}

/** Names of programs and workers are texts, which the compiler leaves alone; the rooms are no packages there. */
function rewrite(file: string): void {
  const up = relative(dirname(file), '.')
  const text = readFileSync(join(out, file), 'utf8')
    .replaceAll(/'([\w./-]+)\.ts'/g, `'$1.js'`)
    .replaceAll(/'(@lookalike\/[\w-]+)(\/[\w-]+)?'/g, (_, name: string, path = '') => {
      const entry = join(up, entryOf(name, path)).replaceAll('\\', '/')
      return `'${entry.startsWith('.') ? entry : `./${entry}`}'`
    })
  writeFileSync(join(out, file), text)
}

/** @returns the file that `name` exports as `path`, from the root of the package */
function entryOf(name: string, path: string): string {
  const room = name.replace('@lookalike/', '')
  const { exports = '' } = manifestOf(room)
  const source = typeof exports === 'string' ? exports : exports[`.${path}`]
  if (!source) throw new Error(`${name} exports no ${path || 'index'}.`)
  return join(room, source).replace(/\.ts$/, '.js')
}

/** In the versions that the lock holds: what is installed is what the tests ran on. */
function dependencies(): Record<string, string> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>
  }
  const named = rooms.flatMap((room) =>
    Object.keys(manifestOf(room).dependencies ?? {}).map((name) => [name, room] as const),
  )
  const pairs = named
    .filter(([name]) => !name.startsWith('@lookalike/'))
    .map(([name, room]) => {
      const at = [`${room}/node_modules/${name}`, `node_modules/${name}`]
      const { version } = at.map((path) => lock.packages[path]).find((one) => one)!
      return [name, version] as const
    })
  return Object.fromEntries(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function find(patterns: string[]): string[] {
  const found = globSync(patterns, { cwd: root, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

function write(path: string, content: object): void {
  writeFileSync(join(out, path), `${JSON.stringify(content, null, 2)}\n`)
}

function run(args: string[]): void {
  execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
}
