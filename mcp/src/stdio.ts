import { once } from 'node:events'
import process from 'node:process'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { McpOptions } from './options.ts'
import { buildMcpServer } from './server.ts'

/** Talks over standard input and output until the other side closes its end. */
export async function talkOverStdio(
  options: McpOptions,
  onError: (error: Error) => void,
): Promise<void> {
  const ended = once(process.stdin, 'end')
  const { close } = serveStdio(() => buildMcpServer(options), { onerror: onError })
  await ended
  await close()
}
