import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.stop()
})

const head = 'POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/jsonl\r\n'

/** Sends an import without its last byte. */
async function beginImport(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`${head}Content-Length: 2\r\n\r\n\n`)
  return socket
}

/** What is answered, or '' while nothing is. */
function answerOf(socket: Socket) {
  const answer = { text: '' }
  socket.on('data', (data: Buffer) => (answer.text += data.toString('latin1')))
  return answer
}

test('so many of a kind at once, a short queue, and then 503; other kinds take no notice', async () => {
  server = await startServer()
  const gate = () => server.services.load.gates['import']!
  const begun = await Promise.all(Array.from({ length: gate().capacity + 16 }, beginImport))
  await expect.poll(() => [gate().running, gate().waiting]).toEqual([gate().capacity, 16])

  const refused = answerOf(await beginImport())
  await expect.poll(() => refused.text).toMatch(/"code":"overloaded"/)
  expect(refused.text).toMatch(/^HTTP\/1.1 503 /)
  expect(refused.text).toMatch(/\r\nretry-after: \d+\r\n/i)
  expect(gate().refused).toBe(1)
  expect((await fetch(`${server.url}/api/images`)).status).toBe(200)

  // One that leaves makes room for the first that waits, one that is answered too.
  begun[0]!.destroy()
  begun[begun.length - 1]!.destroy()
  await expect.poll(() => [gate().running, gate().waiting]).toEqual([gate().capacity, 14])
  const answered = begun.slice(1, -1).map(answerOf)
  for (const socket of begun.slice(1, -1)) socket.write('\n')
  await expect.poll(() => answered.filter(({ text }) => text.startsWith('HTTP/1.1 200')).length).toBe(18) // prettier-ignore
  await expect.poll(() => [gate().running, gate().waiting, gate().inUse]).toEqual([0, 0, 0])
})
