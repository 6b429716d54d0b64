import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildLookalike } from './build.ts'
import { publicManifest } from './manifest.ts'
import { root } from './root.ts'

/** As `npm pack --json` tells of a tarball. */
interface Packed {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly entryCount: number
}

const destination = join(root, 'pack/dist')

/** Makes the tarballs of both packages in `pack/dist`, the same bytes from the same sources, and lists them. */
const folders = [await buildLookalike(), buildSdk()]
for (const folder of folders) giveSameRights(folder)
for (const old of globSync(join(destination, '*.tgz'))) rmSync(old)
const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...folders]
const packed = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' })) as Packed[]
for (const { filename, size, unpackedSize, entryCount } of Object.values(packed)) {
  const sha256 = createHash('sha256').update(readFileSync(join(destination, filename)))
  console.log(
    `pack/dist/${filename}: ${mb(size)}, unpacked ${mb(unpackedSize)} in ${entryCount} files`,
  )
  console.log(`  sha256 ${sha256.digest('hex')}`)
}

function buildSdk(): string {
  execFileSync(process.execPath, ['sdk/build.ts'], { cwd: root, stdio: ['ignore', 2, 2] })
  const file = join(root, 'sdk/dist/package.json')
  const built = JSON.parse(readFileSync(file, 'utf8')) as { name: string }
  const manifest = { ...built, ...publicManifest(built.name), description: 'The client of Lookalike, image similarity search' } // prettier-ignore
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
  return join(root, 'sdk/dist')
}

/** Or the bytes would say what rights new files have where they were packed. */
function giveSameRights(folder: string): void {
  for (const entry of globSync('**/*', { cwd: folder, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, entry.isDirectory() || path.endsWith('/lookalike/src/main.js') ? 0o755 : 0o644)
  }
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}
