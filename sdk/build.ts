import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Builds `dist/`, a package of plain JavaScript with types that runs on Node 20 and in browsers:
 * `npm publish ./sdk/dist`. In this workspace the sources are used as they are.
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
chmodSync(join(dist, 'cli/main.js'), 0o755)
copyFileSync(join(folder, '../LICENSE'), join(dist, 'LICENSE'))
copyFileSync(join(folder, 'README.md'), join(dist, 'README.md'))
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`)

function published() {
  const {
    private: _,
    scripts: __,
    ...kept
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  return {
    ...kept,
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    bin: { lookalike: 'cli/main.js' },
    engines: { node: '>=20.19' },
  }
}
