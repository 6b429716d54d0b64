import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProcess } from '../support/process.ts'

let folder: string
let data: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  data = join(folder, 'data')
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Somebody who may do less than the one who runs the tests, where that is root. */
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
const isRoot = process.getuid?.() === 0 && process.platform === 'linux'

/** What a start that fails prints: lines for a person, never a stack. */
async function refusal(env: Record<string, string>, command: string[] = []): Promise<string> {
  const started = await startProcess({ DATA_DIR: data, ...env }, folder, undefined, command)
  if (started.url) await started.kill('SIGKILL')
  expect(started.url, 'it started').toBeNull()
  expect(await started.ended).toBe(1)
  expect(started.output()).not.toMatch(/^ {4}at |node:/m)
  return started.output().trim()
}

describe('DATA_DIR that cannot be used is named', () => {
  test('a file', async () => {
    await writeFile(data, '')
    expect(await refusal({})).toMatch(/^DATA_DIR: .*data .*a file is in its place/)
  })

  test('a file above it', async () => {
    await writeFile(join(folder, 'file'), '')
    const text = await refusal({ DATA_DIR: join(folder, 'file', 'data') })
    expect(text).toMatch(/^DATA_DIR: .*a file is in its place/)
  })

  test('a link to itself', async () => {
    await symlink(data, data)
    expect(await refusal({})).toMatch(/^DATA_DIR: .*link/)
  })

  test('a home folder that no shell has put in', async () => {
    expect(await refusal({ DATA_DIR: '~/pictures' })).toMatch(/DATA_DIR: only a shell makes ~/)
    expect(await refusal({ DATA_DIR: '~someone/x' })).toMatch(/DATA_DIR: only a shell makes ~/)
  })

  test('a path too long', async () => {
    const text = await refusal({ DATA_DIR: join(folder, 'x'.repeat(300)) })
    expect(text).toMatch(/^DATA_DIR: .*too long/)
  })

  test.each(['uploads', 'files'])('a file in the place of %s', async (name) => {
    await mkdir(data)
    await writeFile(join(data, name), '')
    expect(await refusal({})).toMatch(/^DATA_DIR: .*a file is in its place/)
  })

  test.each(['state.db', 'library.db'])('a folder in the place of %s', async (name) => {
    await mkdir(join(data, name), { recursive: true })
    expect(await refusal({})).toMatch(new RegExp(`${name}.*DATA_DIR|DATA_DIR.*${name}`))
  })

  test.skipIf(!isRoot).each([[''], ['new'], ['files'], ['vectors'], ['library.db']])(
    'what this user may not write: "%s"',
    async (name) => {
      await mkdir(data)
      if (name !== '') await chmod(data, 0o777)
      if (name === 'library.db') await writeFile(join(data, name), '')
      else if (name !== 'new' && name !== '') await mkdir(join(data, name))
      const DATA_DIR = name === 'new' ? join(folder, 'new') : data
      expect(await refusal({ DATA_DIR }, nobody)).toMatch(/^DATA_DIR: .*not writable.*permission/)
    },
  )
})

describe('an address that cannot be listened on is named', () => {
  test('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect(await refusal({ PORT: String(port) })).toMatch(new RegExp(`^PORT=${port} is taken`))
    other.close()
  })

  test('addresses that are not of this machine', async () => {
    for (const HOST of ['192.0.2.1', '2001:db8::1']) {
      const text = await refusal({ HOST, ALLOW_ANONYMOUS: 'true' })
      expect(text).toMatch(new RegExp(`^HOST=${HOST} (is no address|is of a kind)`))
    }
  })

  test('names that lead nowhere', async () => {
    const text = await refusal({ HOST: 'no-such-host.invalid', ALLOW_ANONYMOUS: 'true' })
    expect(text).toMatch(/^HOST=no-such-host\.invalid leads to no address/)
  })

  test.skipIf(!isRoot)('a port that only the system may use', async () => {
    const bound = [...nobody, '--bounding-set=-all', '--inh-caps=-all']
    await chmod(folder, 0o777)
    const started = await startProcess({ DATA_DIR: data, PORT: '81' }, folder, undefined, bound)
    await started.kill('SIGKILL')
    // Some systems let everyone have every port.
    expect(started.output()).toMatch(/^PORT=81 is not for this user|^Lookalike is ready/)
  })
})

describe('IPv6', () => {
  test.each(['::', '::1', '[::1]', '0:0:0:0:0:0:0:1'])('HOST=%s', async (HOST) => {
    const started = await startProcess({ DATA_DIR: data, HOST, ALLOW_ANONYMOUS: 'true' }, folder)
    try {
      expect(started.url, started.output()).toMatch(/^http:\/\/\[[0:1]+\]:\d+$/)
      expect((await fetch(`${started.url}/livez`)).status).toBe(200)
    } finally {
      await started.kill('SIGKILL')
    }
  })

  test('::1 in every spelling is this machine alone, and needs no keys', async () => {
    const started = await startProcess({ DATA_DIR: data, HOST: '[::1]' }, folder)
    expect(started.url, started.output()).not.toBeNull()
    await started.kill('SIGKILL')
    expect(await refusal({ HOST: '::' })).toMatch(/^HOST=:: can be reached/)
  })
})

describe('names that are no settings', () => {
  test.each([
    ['API_KEY', 'API_KEYS'],
    ['OPENAI_BASE_URI', 'OPENAI_BASE_URL'],
    ['DATADIR', 'DATA_DIR'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['MAX_UPLAOD_MB', 'MAX_UPLOAD_MB'],
    ['LOOKALIKE_PORT', 'PORT'],
    ['qdrant_url', 'QDRANT_URL'],
  ])('%s in the environment: did you mean %s?', async (name, meant) => {
    const env = meant === 'PORT' ? { [name]: '1', PORT: '' } : { [name]: 'x' }
    if (meant === 'DATA_DIR') Object.assign(env, { DATA_DIR: '' })
    expect(await refusal(env)).toMatch(
      new RegExp(`^${name} is no setting: did you mean ${meant}\\?`),
    )
  })

  test('other programs have their variables', async () => {
    const env = {
      HOSTNAME: 'x',
      PORTS: '1',
      STORES: 'a',
      XDG_DATA_DIRS: '/usr',
      FILE: 'x',
      POST: 'x',
      OPENAI_ORG_ID: 'x',
      QDRANT_PORT: 'tcp://10.0.0.1',
      LOOKALIKE_URL: 'x',
      API_KEY: 'x',
      API_KEYS: 'the right one is there',
    }
    const started = await startProcess({ DATA_DIR: data, ...env }, folder)
    expect(started.output()).toMatch(/^Lookalike is ready/)
    await started.kill('SIGKILL')
  })

  test('in .env, also short ones', async () => {
    await writeFile(join(folder, '.env'), 'HOTS=127.0.0.1\n')
    expect(await refusal({})).toMatch(/^HOTS is no setting: did you mean HOST\?/)
  })

  test('in .env, what is like none is passed over and said', async () => {
    await writeFile(join(folder, '.env'), 'COMPOSE_PROJECT_NAME=x\nHTTPS_PROXY=\n')
    const started = await startProcess({ DATA_DIR: data }, folder)
    expect(started.url, started.output()).not.toBeNull()
    expect(started.output()).toContain('COMPOSE_PROJECT_NAME in the file .env is no setting')
    expect(started.output()).not.toContain('HTTPS_PROXY')
    await started.kill('SIGKILL')
  })
})

describe('the file .env', () => {
  const content = 'API_KEYS=secret\r\nLOG_LEVEL=fatal\r\n'
  test.each([
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${content}`)],
    ['UTF-16', Buffer.from(`\uFEFF${content}`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\uFEFF${content}`, 'utf16le').swap16()],
    [
      'quotes over several lines',
      'API_KEYS="secret"\nCORS_ORIGINS="http://a.example,\nhttp://b.example"\nexport LOG_LEVEL=fatal',
    ],
  ])('is read in %s', async (_, bytes) => {
    await writeFile(join(folder, '.env'), bytes)
    const started = await startProcess({ DATA_DIR: data, LOG_LEVEL: '' }, folder)
    expect(started.url, started.output()).not.toBeNull()
    const headers = { authorization: 'Bearer secret' }
    expect((await fetch(`${started.url}/api/info`)).status).toBe(401)
    expect((await fetch(`${started.url}/api/info`, { headers })).status).toBe(200)
    await started.kill('SIGKILL')
  })

  test.each([
    ['UTF-16 without a mark', Buffer.from(content, 'utf16le'), /not text in UTF-8/],
    ['Latin-1', Buffer.from('S3_PREFIX=caf\xe9', 'latin1'), /not text in UTF-8/],
    ['a line without =', 'LOG_LEVEL=fatal\nAPI_KEYS secret\n', /line 2 .*NAME=value/],
    ['an open quote', 'LOG_LEVEL=fatal\nAPI_KEYS="secret\n', /quote in line 2/],
  ])('in %s is refused, and not repeated', async (_, bytes, says) => {
    await writeFile(join(folder, '.env'), bytes)
    const text = await refusal({})
    expect(text).toMatch(says)
    expect(text).toMatch(/^The file \.env /)
    expect(text).not.toContain('secret')
  })

  test('that is a folder is refused', async () => {
    await mkdir(join(folder, '.env'))
    expect(await refusal({})).toMatch(/^The file \.env is a folder/)
  })
})
