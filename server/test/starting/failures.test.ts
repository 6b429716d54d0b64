import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import { localUrl } from '../../src/starting/address.ts'
import { readEnvironment } from '../../src/starting/environment.ts'
import { explainStart } from '../../src/starting/explain.ts'
import { settle } from '../../src/starting/settle.ts'
import { nodeEnv } from '../support/node-env.ts'
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
async function refusal(env: Record<string, string>): Promise<string> {
  const started = await startProcess({ DATA_DIR: data, ...env }, folder)
  if (started.url) await started.kill('SIGKILL')
  expect(started.url, 'it started').toBeNull()
  expect(await started.ended).toBe(1)
  expect(started.output()).not.toMatch(/^ {4}at |node:/m)
  return started.output().trim()
}

/** What a start goes through before it opens anything, in this process: dozens take less than one real start. */
function settled(env: Record<string, string> = {}): Config {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return settle(() => readEnvironment({ PORT: '0', DATA_DIR: data, ...env }))
  } finally {
    process.chdir(before)
  }
}

/** What a start would print that ends there. */
function judged(env: Record<string, string> = {}): unknown {
  try {
    settled(env)
  } catch (error) {
    return explainStart(error, env)
  }
  throw new Error('it would go on')
}

test('settings that cannot be used are told as a list', () => {
  expect(judged({ STORE: 'redis', PORT: 'eighty' })).toMatch(/STORE.*PORT|PORT.*STORE/s)
})

describe('DATA_DIR that cannot be used is named', () => {
  test('a file, and the process ends', async () => {
    await writeFile(data, '')
    expect(await refusal({})).toMatch(/^DATA_DIR: .*data .*a file is in its place/)
  })

  test('a file above it', async () => {
    await writeFile(join(folder, 'file'), '')
    const says = judged({ DATA_DIR: join(folder, 'file', 'data') })
    expect(says).toMatch(/^DATA_DIR: .*a file is in its place/)
  })

  test('a link to itself', async () => {
    await symlink(data, data)
    expect(judged()).toMatch(/^DATA_DIR: .*link/)
  })

  test('a home folder that no shell has put in', () => {
    expect(judged({ DATA_DIR: '~/pictures' })).toMatch(/DATA_DIR: only a shell makes ~/)
    expect(judged({ DATA_DIR: '~someone/x' })).toMatch(/DATA_DIR: only a shell makes ~/)
  })

  test('a path too long', () => {
    const says = judged({ DATA_DIR: join(folder, 'x'.repeat(300)) })
    expect(says).toMatch(/^DATA_DIR: .*too long/)
  })

  // Found by what opens them, which a real start does.
  test.each(['uploads', 'files'])('a file in the place of %s', async (name) => {
    await mkdir(data)
    await writeFile(join(data, name), '')
    expect(await refusal({})).toMatch(/^DATA_DIR: .*a file is in its place/)
  })

  test.each(['state.db', 'library.db'])('a folder in the place of %s', async (name) => {
    await mkdir(join(data, name), { recursive: true })
    expect(await refusal({})).toMatch(new RegExp(`${name}.*DATA_DIR|DATA_DIR.*${name}`))
  })

  test.skipIf(!isRoot)('what this user may not write', async () => {
    const place = (name: string) => join(folder, name)
    await Promise.all(['itself', 'files', 'vectors', 'library'].map((name) => mkdir(place(name))))
    await Promise.all([
      mkdir(join(place('files'), 'files')),
      mkdir(join(place('vectors'), 'vectors')),
      writeFile(join(place('library'), 'library.db'), ''),
    ])
    await Promise.all(['files', 'vectors', 'library'].map((name) => chmod(place(name), 0o777)))
    const places = ['itself', 'new', 'files', 'vectors', 'library']
    const says = await judgedAs(nobody, places.map(place))
    expect(says).toHaveLength(places.length)
    for (const line of says) expect(line).toMatch(/^DATA_DIR: .*not writable.*permission/)
  })
})

/** A line for each folder: what a start of that user would print, by one process for all. */
async function judgedAs(user: string[], folders: string[]): Promise<string[]> {
  const script = join(import.meta.dirname, 'judge-folders.ts')
  const [program = '', ...args] = [...user, process.execPath, script, ...folders]
  const child = spawn(program, args, { cwd: folder, env: nodeEnv })
  return (await text(child.stdout)).trim().split('\n')
}

describe('an address that cannot be listened on is named', () => {
  test('a taken port, and the process ends', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect(await refusal({ PORT: String(port) })).toMatch(new RegExp(`^PORT=${port} is taken`))
    other.close()
  })

  test.each([
    [
      'an address of another machine',
      '192.0.2.1',
      /^HOST=192\.0\.2\.1 (is no address|is of a kind)/,
    ],
    ['one in IPv6', '2001:db8::1', /^HOST=2001:db8::1 (is no address|is of a kind)/],
    [
      'a name that leads nowhere',
      'no-such-host.invalid',
      /^HOST=no-such-host\.invalid leads to no address/,
    ],
  ])('%s', async (_, HOST, says) => {
    const host = settled({ HOST, ALLOW_ANONYMOUS: 'true' }).HOST
    const server = createServer().listen({ host, port: 0 })
    const [error] = (await once(server, 'error')) as [Error]
    expect(explainStart(error, { HOST })).toMatch(says)
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
  test('a server on [::1] needs no keys, and is reached where it says', async () => {
    const started = await startProcess({ DATA_DIR: data, HOST: '[::1]' }, folder)
    try {
      expect(started.url, started.output()).toMatch(/^http:\/\/\[::1\]:\d+$/)
      expect((await fetch(`${started.url}/livez`)).status).toBe(200)
    } finally {
      await started.kill('SIGKILL')
    }
  })

  test.each(['::1', '[::1]', '0:0:0:0:0:0:0:1'])(
    '%s is this machine alone, and needs no keys',
    async (given) => {
      const { HOST } = settled({ HOST: given })
      expect(localUrl(HOST, 1)).toMatch(/^http:\/\/\[[0:1]+\]:1$/)
      const server = createServer().listen({ host: HOST, port: 0 })
      await once(server, 'listening')
      expect(server.address()).toMatchObject({ address: '::1' })
      server.close()
    },
  )

  test(':: can be reached, and needs keys', () => {
    expect(judged({ HOST: '::' })).toMatch(/^HOST=:: can be reached/)
    expect(localUrl(settled({ HOST: '::', ALLOW_ANONYMOUS: 'true' }).HOST, 1)).toBe(
      'http://[::1]:1',
    )
  })
})

describe('names that are no settings', () => {
  test('in the environment, and the process ends', async () => {
    expect(await refusal({ API_KEY: 'x' })).toMatch(/^API_KEY is no setting: did you mean API_KEYS/)
  })

  test.each([
    ['API_KEY', 'API_KEYS'],
    ['OPENAI_BASE_URI', 'OPENAI_BASE_URL'],
    ['DATADIR', 'DATA_DIR'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['MAX_UPLAOD_MB', 'MAX_UPLOAD_MB'],
    ['LOOKALIKE_PORT', 'PORT'],
    ['qdrant_url', 'QDRANT_URL'],
  ])('%s in the environment: did you mean %s?', (name, meant) => {
    const env = meant === 'PORT' ? { [name]: '1', PORT: '' } : { [name]: 'x' }
    if (meant === 'DATA_DIR') Object.assign(env, { DATA_DIR: '' })
    expect(judged(env)).toMatch(new RegExp(`^${name} is no setting: did you mean ${meant}\\?`))
  })

  test('other programs have their variables', () => {
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
    expect(settled(env)).toMatchObject({ PORT: 0, API_KEYS: ['the right one is there'] })
  })

  test('in .env, also short ones', async () => {
    await writeFile(join(folder, '.env'), 'HOTS=127.0.0.1\n')
    expect(judged()).toMatch(/^HOTS is no setting: did you mean HOST\?/)
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

  test('of a Windows shell is read', async () => {
    await writeFile(join(folder, '.env'), Buffer.from(`\uFEFF${content}`, 'utf16le'))
    const started = await startProcess({ DATA_DIR: data, LOG_LEVEL: '' }, folder)
    expect(started.url, started.output()).not.toBeNull()
    const headers = { authorization: 'Bearer secret' }
    expect((await fetch(`${started.url}/api/info`)).status).toBe(401)
    expect((await fetch(`${started.url}/api/info`, { headers })).status).toBe(200)
    await started.kill('SIGKILL')
  })

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
    expect(settled({ LOG_LEVEL: '' })).toMatchObject({ API_KEYS: ['secret'], LOG_LEVEL: 'fatal' })
  })

  test('in Latin-1 is refused, not repeated, and the process ends', async () => {
    await writeFile(join(folder, '.env'), Buffer.from('S3_PREFIX=caf\xe9', 'latin1'))
    expect(await refusal({})).toMatch(/^The file \.env .*not text in UTF-8/)
  })

  test.each([
    ['UTF-16 without a mark', Buffer.from(content, 'utf16le'), /not text in UTF-8/],
    ['Latin-1', Buffer.from('S3_PREFIX=caf\xe9', 'latin1'), /not text in UTF-8/],
    ['a line without =', 'LOG_LEVEL=fatal\nAPI_KEYS secret\n', /line 2 .*NAME=value/],
    ['an open quote', 'LOG_LEVEL=fatal\nAPI_KEYS="secret\n', /quote in line 2/],
  ])('in %s is refused, and not repeated', async (_, bytes, says) => {
    await writeFile(join(folder, '.env'), bytes)
    const said = judged()
    expect(said).toMatch(says)
    expect(said).toMatch(/^The file \.env /)
    expect(said).not.toContain('secret')
  })

  test('that is a folder is refused', async () => {
    await mkdir(join(folder, '.env'))
    expect(judged()).toMatch(/^The file \.env is a folder/)
  })
})
