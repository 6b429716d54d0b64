import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startFakeOpenAi } from '../../server/test/fakes/openai.ts'

/**
 * Runs in a process of its own, so that it takes no time of what is measured: a provider that answers
 * at once, and the barest server there is, which takes an upload and answers with nothing.
 */
const provider = await startFakeOpenAi({ validate: false })
const bare = createServer((request, response) => {
  request.resume().on('end', () => response.end('{}'))
})
bare.listen(0, '127.0.0.1', () => {
  const { port } = bare.address() as AddressInfo
  process.send!({ provider: provider.url, bare: `http://127.0.0.1:${port}` })
})
process.on('disconnect', () => process.exit())
