import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { writeContractTypes } from './build-types.ts'

/**
 * Builds `dist/`, a package of plain JavaScript with types that runs on Node 20 and in browsers, which
 * `npm run pack` packs. In this workspace the sources are used as they are.
 */
const folder = import.meta.dirname
const dist = join(folder, 'dist')
const tsc = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
)
rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '--project', join(folder, 'tsconfig.build.json')], {
  stdio: 'inherit',
})
copyFileSync(join(folder, '../LICENSE'), join(dist, 'LICENSE'))
copyFileSync(join(folder, 'README.md'), join(dist, 'README.md'))
const {
  private: _,
  scripts: __,
  devDependencies: ___,
  ...kept
} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
const manifest = {
  ...kept,
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
  engines: { node: '>=20.19' },
}
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
await writeContractTypes(folder)
