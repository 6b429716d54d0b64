import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder, type Folder } from './support/library.ts'

const cli = join(import.meta.dirname, '..')
const sdk = join(cli, '../sdk')
const tsc = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
)
const node = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' })

let folder: Folder
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

test('client and command line build to JavaScript with types', async () => {
  expect(node(join(sdk, 'build.ts'))).toMatchObject({ status: 0 })
  const dist = join(sdk, 'dist')
  const { exports } = JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8'))
  const entry = join(dist, exports['.'].default)
  const program = await folder.write(
    'program.mts',
    `import { createClient } from ${JSON.stringify(entry)}
const { results } = await createClient().searchSimilar(new Blob())
export const scores: number[] = results.map(({ score }) => score)
// @ts-expect-error: what is no shape of the API is refused
export const wrong = results.map(({ nonsense }) => nonsense)
`,
  )
  const options = [
    '--ignoreConfig',
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ]
  expect(node(tsc, ...options, program)).toMatchObject({ status: 0, stdout: '' })

  expect(node(join(cli, 'build.ts'))).toMatchObject({ status: 0 })
  const built = join(cli, 'dist')
  cpSync(dist, join(built, 'node_modules/@lookalike/sdk'), { recursive: true })
  const { bin } = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8'))
  const help = node('--no-strip-types', join(built, bin.lookalike), '--help')
  expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('LOOKALIKE_URL') })
})
