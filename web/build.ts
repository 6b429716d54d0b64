import { createHash, randomUUID } from 'node:crypto'
import { glob, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compressed } from './compress.ts'

const webDir = import.meta.dirname
const rootDir = dirname(webDir)
const distDir = join(webDir, 'dist')
const stampFile = join(distDir, '.stamp')
const sources = ['web/**/*', 'sdk/src/**/*', 'sdk/package.json', 'package-lock.json']
const notSources = ['web/dist/**', 'web/test/**', '**/node_modules/**']

/**
 * Builds the page into `web/dist`, unless what lies there was built from these very sources.
 *
 * Safe to run twice at once and while the page is being served: each file is replaced as a whole,
 * and the stamp that declares a build complete is written last.
 *
 * @param onBuild called before anything is built
 * @returns whether anything had to be built
 */
export async function buildPage(onBuild?: () => void): Promise<boolean> {
  const stamp = await hashSources()
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return false
  onBuild?.()
  const built = await bundle(stamp)
  await rm(stampFile, { force: true })
  for (const [name, content] of await compressed(built)) built.set(name, content)
  for (const [name, content] of built) await replaceFile(join(distDir, name), content)
  await removeAllBut(new Set(built.keys()))
  await replaceFile(stampFile, stamp)
  return true
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of await listFiles(rootDir, sources, notSources)) {
    hash.update(`${name}\0`).update(await readFile(join(rootDir, name)))
  }
  return hash.digest('hex')
}

/**
 * The page's files by name, `version` known to it; Vite is loaded only now, because most starts need no build.
 */
async function bundle(version: string): Promise<Map<string, string | Uint8Array>> {
  const { build } = await import('vite')
  const environment = process.env.NODE_ENV
  // Vite would keep a test runner's `NODE_ENV` and build React's slow development version.
  process.env.NODE_ENV = 'production'
  const result = await build({
    configFile: join(webDir, 'vite.config.ts'),
    logLevel: 'warn',
    define: { __BUILD__: JSON.stringify(version) },
    build: { write: false },
  }).finally(() => restoreEnvironment(environment))
  const files = new Map<string, string | Uint8Array>()
  for (const { output } of [result].flat() as { output: BuiltFile[] }[]) {
    for (const file of output) files.set(file.fileName, 'code' in file ? file.code : file.source)
  }
  const publicDir = join(webDir, 'public')
  for (const name of await listFiles(publicDir, ['**/*'])) {
    files.set(name, await readFile(join(publicDir, name)))
  }
  files.set('service-worker.js', await serviceWorker(version, files))
  return files
}

/** What keeps the page in the browser, and the names of what it keeps. */
async function serviceWorker(version: string, files: ReadonlyMap<string, string | Uint8Array>) {
  const { minify, transformWithOxc } = await import('vite')
  const path = join(webDir, 'src/offline/service-worker.ts')
  const { code } = await transformWithOxc(await readFile(path, 'utf8'), path)
  const small = await minify('service-worker.js', code)
  const entry = [...files.keys()].find((name) => /^assets\/index-[^/]*\.js$/.test(name))
  const shell = { version, entry, files: [...files.keys()].filter((name) => name !== 'index.html') }
  return `const shell = ${JSON.stringify(shell)}\n${small.code}`
}

type BuiltFile = { fileName: string } & ({ code: string } | { source: string | Uint8Array })

function restoreEnvironment(value: string | undefined): void {
  if (value === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = value
}

async function removeAllBut(wanted: Set<string>): Promise<void> {
  for (const name of await listFiles(distDir, ['**/*'])) {
    // A partial file belongs to another build that runs right now.
    if (!wanted.has(name) && !name.endsWith('.partial'))
      await rm(join(distDir, name), { force: true })
  }
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(partial, content)
  await rename(partial, path)
}

/** Paths of plain files under `cwd`, sorted, so that a hash over them is stable. */
async function listFiles(cwd: string, include: string[], exclude: string[] = []) {
  const names: string[] = []
  for await (const entry of glob(include, { cwd, exclude, withFileTypes: true })) {
    if (entry.isFile()) names.push(join(entry.parentPath, entry.name).slice(cwd.length + 1))
  }
  return names.toSorted()
}

if (import.meta.main) await buildPage(() => console.log('Building the page.'))
