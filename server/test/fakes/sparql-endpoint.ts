import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import oxigraph from 'oxigraph'

/** A SPARQL 1.1 endpoint with one address for queries and updates, as real as Oxigraph is. */
export async function startSparqlEndpoint(port = 0, store = new oxigraph.Store()) {
  const authorizations = new Set<string | undefined>()
  const encodings = new Set<string | undefined>()
  let hang = false
  let updates = 0
  let refusal: { of: string; status: number } | undefined

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    authorizations.add(request.headers.authorization)
    encodings.add(request.headers['accept-encoding'] as string | undefined)
    if (hang) return
    const url = new URL(request.url!, 'http://localhost')
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string
    if (refusal && text.includes(refusal.of)) {
      response.writeHead(refusal.status, { 'content-type': 'text/plain' }).end('not this')
      return
    }
    try {
      if (request.headers['content-type'] === 'application/sparql-update') {
        store.update(text)
        updates++
        response.writeHead(204).end()
        return
      }
      const graphs = (name: string) => url.searchParams.getAll(name).map(oxigraph.namedNode)
      const dataset = [...graphs('default-graph-uri'), ...graphs('named-graph-uri')]
      const body = store.query(text, {
        results_format: request.headers.accept!,
        ...(dataset.length > 0 && {
          default_graph: graphs('default-graph-uri'),
          named_graphs: graphs('named-graph-uri'),
        }),
      })
      response.writeHead(200, { 'content-type': request.headers.accept! }).end(body)
    } catch (error) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end((error as Error).message)
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}/sparql`,
    port: address.port,
    store,
    authorizations,
    /** The compressions that answers were asked for in. */
    encodings,
    updates: () => updates,
    /** From now on nothing is answered. */
    stall() {
      hang = true
    },
    /** From now on texts that hold that part are refused; null for none. */
    refuse(of: string | null, status = 400) {
      refusal = of === null ? undefined : { of, status }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
