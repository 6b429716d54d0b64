import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Info } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { nodeEnv } from '../support/node-env.ts'
import { startProcess } from '../support/process.ts'
import { getJson, postForm } from '../support/server.ts'

const root = join(import.meta.dirname, '../../..')

/** Starts a script of package.json as a person does, through npm and its shell. */
async function npm(args: string[], env: Record<string, string>) {
  const child = spawn('npm', args, {
    cwd: root,
    env: { ...nodeEnv, PORT: '0', STORE: 'embedded', EMBEDDER: 'visual', ...env },
    // Kept off the group of the tests: a signal reaches npm alone unless it is sent to its group.
    detached: true,
  })
  let output = ''
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string | null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const [, address] = /Lookalike is ready at (\S+)/.exec(output) ?? []
      if (address) resolve(address)
    })
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    void ended.then(() => resolve(null))
  })
  return { pid: child.pid!, url, ended, output: () => output }
}

test.skipIf(process.platform === 'win32').each([
  ['start', 'SIGTERM'],
  ['start', 'SIGINT'],
  ['demo', 'SIGTERM'],
] as const)(
  'once `npm run %s` has ended on %s, nothing holds DATA_DIR',
  async (script, signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-npm-'))
    const data = join(folder, 'data')
    try {
      const first = await npm(['run', script], { DATA_DIR: data, HOME: folder })
      expect(first.url, first.output()).not.toBeNull()
      await postForm(`${first.url}/api/images/index`, await jpeg(1), {})
      const { body } = await getJson<Info>(`${first.url}/api/info`)
      process.kill(first.pid, signal)
      await first.ended
      await expect(fetch(first.url!)).rejects.toThrow()

      const second = await startProcess({ DATA_DIR: data }, folder)
      expect(second.url, second.output()).not.toBeNull()
      expect((await getJson<Info>(`${second.url}/api/info`)).body.images).toBe(body.images)
      await second.kill('SIGKILL')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  120_000,
)

test.skipIf(process.platform === 'win32')(
  'a Ctrl-C that reaches the server twice, from the terminal and from npm, cuts no answer short',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-npm-'))
    try {
      const { pid, url, ended } = await npm(['start'], {
        DATA_DIR: join(folder, 'data'),
        HOME: folder,
      })
      const picture = await jpeg(1)
      const request = http.request(`${url}/api/images/index`, {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'multipart/form-data; boundary=x', expect: '100-continue' },
      })
      const answered = once(request, 'response')
      request.flushHeaders()
      // The server has read the head of the request, and waits for the rest.
      await once(request, 'continue')
      process.kill(-pid, 'SIGINT')
      const isOpen = () => fetch(`${url}/livez`).then(Boolean, () => false)
      await expect.poll(isOpen, { timeout: 10_000 }).toBe(false)
      // npm's own, however late it comes.
      process.kill(-pid, 'SIGINT')
      request.write(
        '--x\r\ncontent-disposition: form-data; name="image_file"; filename="1.jpg"\r\n\r\n',
      )
      request.write(picture)
      request.end('\r\n--x--\r\n')
      const [response] = (await answered) as [http.IncomingMessage]
      expect(response.statusCode).toBe(201)
      expect(JSON.parse(await text(response))).toMatchObject({ width: 320 })
      await ended
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  60_000,
)
