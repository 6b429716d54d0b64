import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A client that neither sends nor reads for so long, when it is its turn, is not waited for. */
const stillMs = 2_000

interface Connection {
  exchange?: { readonly request: IncomingMessage; readonly response: ServerResponse }
  moved: number
  /** When the last byte went over it, of `performance.now`. */
  since: number
}

/**
 * Follows the connections of a server from now on. What is returned closes those that nothing is owed to: without a
 * request under way, and those whose client does not go on sending or reading. What the server itself works on stays.
 */
export function draining(server: Server): () => void {
  const connections = new Map<Socket, Connection>()
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { moved: 0, since: 0 })
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket)
    if (connection) connection.exchange = { request, response }
  })

  return () => {
    const now = performance.now()
    for (const [socket, connection] of connections) {
      if (isOver(connection) || isStill(socket, connection, now)) socket.destroy()
    }
  }
}

function isOver({ exchange }: Connection): boolean {
  return !exchange || exchange.response.writableFinished
}

function isStill(socket: Socket, connection: Connection, now: number): boolean {
  const { request } = connection.exchange!
  const moved = socket.bytesRead + socket.bytesWritten - socket.writableLength
  const isClientsTurn = !request.complete || socket.writableLength > 0
  if (!isClientsTurn || moved !== connection.moved || connection.since === 0) {
    connection.moved = moved
    connection.since = now
    return false
  }
  return now - connection.since > stillMs
}
