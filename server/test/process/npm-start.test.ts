import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Info } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { npm } from '../support/npm.ts'
import { startProcess } from '../support/process.ts'
import { getJson, postForm } from '../support/server.ts'

/** Whatever a file .env in the root of this repository says. */
const builtIn = { STORE: 'embedded', EMBEDDER: 'visual' }

// That of `npm run demo` is told in samples/demo.test.ts.
test.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT'] as const)(
  'once `npm start` has ended on %s, nothing holds DATA_DIR',
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-npm-'))
    const data = join(folder, 'data')
    try {
      const first = await npm(['start'], { ...builtIn, DATA_DIR: data, HOME: folder })
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
        ...builtIn,
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
