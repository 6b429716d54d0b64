import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingNames } from '../../server/src/config.ts'
import { startProcess } from '../../server/test/support/process.ts'
import { isSupportedNode, supportedNode } from '../src/supported-node.ts'
import { lookalike } from './support/command.ts'

test.each(['serve', 'demo'])('%s --help has every setting, with what it means', async (command) => {
  const { code, out } = await lookalike([command, '--help'])
  expect(code).toBe(0)
  for (const name of settingNames.filter((each) => each !== 'DATA_DIR')) {
    expect(out).toContain(` --${name.toLowerCase().replaceAll('_', '-')} `)
  }
  expect(out).toMatch(/^ +--data <folder> +Folder for everything .*\/lookalike/m)
  expect(out).toMatch(/^ +--max-upload-mb <value> +Largest accepted file, .* \(20\)$/m)
})

test('an option is stronger than the environment, and that than .env', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-serve-'))
  try {
    await writeFile(join(folder, '.env'), 'MAX_UPLOAD_MB=3\nMAX_MEGAPIXELS=3\nDATA_DIR=other\n')
    const env = { MAX_UPLOAD_MB: '2', MAX_MEGAPIXELS: '2', HOME: folder }
    const args = ['serve', '--max-upload-mb', '1', '--access-log', '--data', join(folder, 'a b')]
    const server = await startProcess(env, folder, 'lookalike/src/main.ts', [], args)
    const info = await (await fetch(`${server.url}/api/info`)).json()
    expect(info).toMatchObject({ limits: { max_upload_mb: 1, max_megapixels: 2 } })
    expect(await server.kill('SIGTERM')).toBe(0)
    expect(server.output()).toContain('"/api/info"')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('wrong usage is the exit code 2, as everywhere', async () => {
  expect(await lookalike(['serve', '--nonsense'])).toMatchObject({ code: 2, out: '' })
  expect(await lookalike(['serve', '--store', 'nonsense'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/Allowed choices are embedded, qdrant/),
  })
})

test.each([
  ['20.19.0', false],
  ['22.18.0', false],
  ['22.19.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  [process.versions.node, true],
])('Node %s: %s', (version, expected) => {
  expect(isSupportedNode(version)).toBe(expected)
  expect(supportedNode).toBe('^22.19.0 || >=24.0.0')
})
