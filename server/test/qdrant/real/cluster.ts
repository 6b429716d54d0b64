import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts, RealQdrant } from './server.ts'

/** Three nodes, and before them a balancer that passes each request to the next one that listens. */
export async function startCluster() {
  const ports = await freePorts(3)
  const bootstrap = `http://127.0.0.1:${ports[0]}`
  const nodes = [await RealQdrant.start({ port: ports[0]! })]
  for (const port of ports.slice(1)) nodes.push(await RealQdrant.start({ port, bootstrap }))
  await agreed(nodes)
  const balancer = await startBalancer(nodes)
  return {
    nodes,
    url: balancer.url,
    async dispose() {
      await balancer.stop()
      await Promise.all(nodes.map((node) => node.dispose()))
    },
  }
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>

/** Until every node knows of all. */
async function agreed(nodes: RealQdrant[]): Promise<void> {
  for (const { url } of nodes) {
    for (;;) {
      const answer = await fetch(`${url}/cluster`)
      const { result } = (await answer.json()) as { result: { peers?: object } }
      if (Object.keys(result.peers ?? {}).length === nodes.length) break
      await sleep(100)
    }
  }
}

/** Until every copy of every shard of a collection is active again. */
export async function healed(nodes: RealQdrant[], collection: string): Promise<void> {
  for (const { url } of nodes) {
    for (;;) {
      const answer = await fetch(`${url}/collections/${collection}/cluster`)
      const { result } = (await answer.json()) as {
        result: { [shards: string]: { state: string }[] }
      }
      const copies = [...(result['local_shards'] ?? []), ...(result['remote_shards'] ?? [])]
      if (copies.every(({ state }) => state === 'Active')) break
      await sleep(200)
    }
  }
}

async function startBalancer(nodes: RealQdrant[]) {
  let turn = 0
  const pass = (
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    tries: number,
  ): void => {
    const node = nodes[turn++ % nodes.length]!
    const { method, headers, url } = request
    const onward = send(`${node.url}${url}`, { method: method!, headers, agent: false })
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
      answer.once('error', () => response.destroy())
    })
    onward.once('error', (error: NodeJS.ErrnoException) => {
      // Nobody listens there: another may. What broke off halfway is the caller's to repeat.
      if (error.code === 'ECONNREFUSED' && tries > 1) pass(request, response, body, tries - 1)
      else response.destroy()
    })
    onward.end(body)
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => pass(request, response, Buffer.concat(chunks), nodes.length))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
