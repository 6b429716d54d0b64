import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that somebody else runs: answers a path as it was told, and remembers who asked. */
export async function startWebServer() {
  const pages = new Map<string, (response: ServerResponse, request: IncomingMessage) => void>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://here')
    asked.push(pathname)
    const target = searchParams.get('to')
    if (target) return void response.writeHead(302, { location: target }).end()
    const page = pages.get(pathname)
    if (page) page(response, request)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    asked,
    serve: (path: string, page: (response: ServerResponse, request: IncomingMessage) => void) =>
      void pages.set(path, page),
    /** The address of a page here that redirects there. */
    redirectTo: (target: string) => `http://127.0.0.1:${port}/?to=${encodeURIComponent(target)}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
