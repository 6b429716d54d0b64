import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProcess } from '../../server/test/support/process.ts'
import { spawnCli } from './support/cli.ts'
import { temporaryFolder, type Folder } from './support/library.ts'

const script = join(import.meta.dirname, '../../server/src/admin-key.ts')

describe('keys of a running server', () => {
  let folder: Folder
  let server: Awaited<ReturnType<typeof startProcess>>
  beforeAll(async () => {
    folder = await temporaryFolder()
    await writeFile(join(folder.path, '.env'), 'DATA_DIR=data\n')
    server = await startProcess({}, folder.path)
  })
  afterAll(async () => {
    await server.kill('SIGKILL')
    await folder.remove()
  })

  const run = (args: string[], key = '') =>
    spawnCli(server.url!, args, { LOOKALIKE_API_KEY: key }).ended
  const statusOf = async (key: string) =>
    (await fetch(`${server.url}/api/info`, { headers: { 'x-api-key': key } })).status

  test('begin with one made where it runs, and are added, listed and revoked from afar', async () => {
    expect((await run(['keys', 'list'])).out).toBe('This server asks for no key.\n')
    const early = await run(['keys', 'add', 'shop'])
    expect([early.code, early.err]).toEqual([1, expect.stringContaining('npm run admin-key')])

    const made = await promisify(execFile)(process.execPath, [script, 'laptop'], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'] },
    })
    const admin = made.stdout.trim()
    expect(admin).toMatch(/^lk_/)
    // From the next request on, without a restart.
    expect(await statusOf('')).toBe(401)
    expect((await run(['list'])).err).toContain('LOOKALIKE_API_KEY')

    const added = await run(['keys', 'add', 'shop', '--expires', '90d'], admin)
    const shop = added.out.trim()
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^lk_[\w-]{43}\n$/) })
    expect((await run(['keys', 'add', 'shop'], admin)).err).toContain('called shop already')
    expect((await run(['keys', 'list'], admin)).out).toMatch(
      /laptop +admin .*\nshop +read .*20\d\d/,
    )
    expect((await run(['list'], shop)).code).toBe(0)
    const refused = await run(['keys', 'list'], shop)
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringMatching(/scope read.*asks for admin/),
    ])
    expect((await run(['keys', 'revoke', 'shop'], admin)).out).toBe('Revoked shop.\n')
    expect(await statusOf(shop)).toBe(401)
    expect((await run(['keys', 'revoke', 'laptop'], admin)).err).toContain('the last key')
    for (const wrong of [
      ['--scope', 'root'],
      ['--expires', 'soon'],
      ['--expires', '2001-01-01'],
      ['--expires', '2027-02-30'],
    ]) {
      // prettier-ignore
      expect((await run(['keys', 'add', 'x', ...wrong], admin)).code).toBe(2)
    }
    expect(server.output()).not.toContain(admin)
  })

  test.skipIf(process.platform === 'win32')(
    'those of .env are read again on SIGHUP, and a mistake in it changes nothing',
    async () => {
      const env = (text: string) => writeFile(join(folder.path, '.env'), `DATA_DIR=data\n${text}\n`)
      const hangUp = async (said: RegExp) => {
        const before = server.output().length
        process.kill(server.pid!, 'SIGHUP')
        await expect.poll(() => server.output().slice(before)).toMatch(said)
      }
      await env('API_KEYS=one')
      await hangUp(/read again/)
      expect(await statusOf('one')).toBe(200)
      await env('API_KEYS=two\nMAX_UPLOAD_MB=much')
      await hangUp(/MAX_UPLOAD_MB.*\n.*as they were before/)
      expect([await statusOf('one'), await statusOf('two')]).toEqual([200, 401])
      await env('API_KEYS=two')
      await hangUp(/read again/)
      expect([await statusOf('one'), await statusOf('two')]).toEqual([401, 200])
      await env('')
      await hangUp(/read again/)
      expect(await statusOf('two')).toBe(401)
    },
  )
})

test('an address of the server with a password is refused, and not repeated', async () => {
  const ran = await spawnCli('http://ann:pass-word@127.0.0.1:9', ['list']).ended
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('LOOKALIKE_API_KEY')])
  expect(ran.err).not.toContain('pass-word')
})
