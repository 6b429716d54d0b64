import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface Passing {
  method: string
  path: string
}

/** Answers in the server's stead, or lets the request pass when it returns without having answered. */
export type Intercept = (passing: Passing, response: ServerResponse, body: Buffer) => unknown

/** Something between the command line and the server that sees, slows and spoils requests. */
export async function startProxy(target: string, intercept: Intercept = () => {}) {
  const seen: Passing[] = []
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const passing = { method: incoming.method!, path: incoming.url! }
    seen.push(passing)
    const body = await buffer(incoming)
    await intercept(passing, response, body)
    if (response.writableEnded || response.destroyed) return
    const { method, headers } = incoming
    const onward = request(target + incoming.url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    onward.end(body)
  }
  const server = createServer((incoming, response) => void handle(incoming, response).catch(() => response.destroy())) // prettier-ignore
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    count: (method: string, path: string) =>
      seen.filter((one) => one.method === method && one.path.startsWith(path)).length,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
