import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { defaultSettings } from '../../../server/src/stores/qdrant/options.ts'
import { attribute, type FilterKey, selectivities } from '../dataset.ts'
import { Absent, type Engine } from '../engine.ts'

interface Server {
  readonly url: string
  readonly apiKey?: string | undefined
}

/** The server of TEST_QDRANT_URL. */
export function qdrantAt(): Server {
  const { TEST_QDRANT_URL: url, TEST_QDRANT_API_KEY: apiKey } = process.env
  if (!url) throw new Absent('no Qdrant: TEST_QDRANT_URL names none')
  return { url: url.replace(/\/+$/, ''), apiKey }
}

const agents = {
  'http:': new Agent({ keepAlive: true }),
  'https:': new SecureAgent({ keepAlive: true }),
}

async function call<T>(
  { url, apiKey }: Server,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const address = new URL(`${url}${path}`)
  const isSecure = address.protocol === 'https:'
  const text = body && JSON.stringify(body)
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const sent = (isSecure ? secureRequest : request)(
    address,
    {
      method,
      agent: agents[isSecure ? 'https:' : 'http:'],
      headers: {
        ...(text && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
        ...(apiKey && { 'api-key': apiKey }),
      },
    },
    (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString() }),
      )
    },
  )
  sent.once('error', reject).end(text)
  const answer = await promise
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return (JSON.parse(answer.text) as { result: T }).result
}

export async function deleteCollection(server: Server, name: string): Promise<void> {
  await call(server, 'DELETE', `/collections/${name}`)
}

/**
 * Bare REST on the server of TEST_QDRANT_URL: what Qdrant itself takes, with the graph and the payload
 * indexes that Lookalike makes, made first.
 */
export async function openQdrant(_: string, dimensions: number): Promise<Engine> {
  const server = qdrantAt()
  const name = `bench-${randomUUID()}`
  const path = `/collections/${name}`
  const { m, efConstruct } = defaultSettings.hnsw
  await call(server, 'PUT', path, {
    vectors: { size: dimensions, distance: 'Cosine' },
    hnsw_config: { m, ef_construct: efConstruct },
  })
  for (const field_name of Object.keys(selectivities)) {
    await call(server, 'PUT', `${path}/index?wait=true`, { field_name, field_schema: 'integer' })
  }
  const search = async (vector: Float32Array, limit: number, filter?: object) => {
    const query = {
      query: Array.from(vector),
      limit,
      with_payload: true,
      ...(filter && { filter }),
    }
    const { points } = await call<{ points: { id: number }[] }>(
      server,
      'POST',
      `${path}/points/query`,
      query,
    )
    return points.map(({ id }) => id)
  }
  return {
    async insert(items) {
      const keys = Object.keys(selectivities) as FilterKey[]
      const points = items.map(({ index, vector }) => ({
        id: index,
        vector: Array.from(vector),
        payload: Object.fromEntries(keys.map((key) => [key, attribute(index, key)])),
      }))
      // As many at a time as Lookalike sends.
      for (let at = 0; at < points.length; at += 128) {
        await call(server, 'PUT', `${path}/points?wait=true`, {
          points: points.slice(at, at + 128),
        })
      }
    },
    async optimise() {
      for (let green = 0; green < 5; await setTimeout(500)) {
        const { status } = await call<{ status: string }>(server, 'GET', path)
        green = status === 'green' ? green + 1 : 0
      }
    },
    search: (vector, count) => search(vector, count),
    searchFiltered: (vector, count, key) =>
      search(vector, count, { must: [{ key, match: { value: 0 } }] }),
    close: () => deleteCollection(server, name),
  }
}
