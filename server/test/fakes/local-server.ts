import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server on this machine that can go away and come back at the same address. */
export abstract class LocalServer {
  private server: Server | null = null
  private port = 0

  protected abstract answer(request: IncomingMessage, response: ServerResponse): Promise<void>

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Listens; after `stop`, on the same port and with the same data, as after a restart. */
  async start(): Promise<this> {
    const server = createServer((request, response) => void this.answer(request, response))
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.address() as AddressInfo).port
    this.server = server
    return this
  }

  /** Drops all connections and refuses new ones. */
  async stop(): Promise<void> {
    const { server } = this
    this.server = null
    if (!server) return
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
}
