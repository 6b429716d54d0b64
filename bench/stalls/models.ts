import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { clusteredVectors } from '../clustered-vectors.ts'

/** A provider of models that answers anything at once, so that a library can be made over for it. */
export async function startModels(dimensions: number) {
  const draw = clusteredVectors(dimensions, 1000, 9)
  const drawn = Array.from({ length: 1000 }, () => {
    const { buffer, byteOffset, byteLength } = draw()
    return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
  })
  let next = 0
  const embedded = (texts: string[]) => ({
    object: 'list',
    data: texts.map((_, index) => ({
      object: 'embedding',
      index,
      embedding: drawn[next++ % drawn.length],
    })),
    usage: { prompt_tokens: texts.length, total_tokens: texts.length },
  })
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { input, model } = body as { input?: string[]; model: string }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ...(input ? embedded(input) : described()), model }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    settings: {
      EMBEDDER: 'openai',
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      OPENAI_EMBEDDING_DIMENSIONS: String(dimensions),
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function described() {
  const message = {
    role: 'assistant',
    content: 'A picture, described in a sentence.',
    refusal: null,
  }
  return {
    id: 'described',
    object: 'chat.completion',
    created: 0,
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  }
}
