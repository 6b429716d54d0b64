import { inspect } from 'node:util'
import { withoutSecrets } from '../secrets.ts'

/**
 * Whatever this process writes, warnings of Node and of libraries included, is written without secrets; and so is an
 * error that ends it.
 */
export function sayNoSecrets(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) =>
      write(typeof chunk === 'string' ? withoutSecrets(chunk) : chunk, ...rest)
  }
  process.on('uncaughtException', (error) => {
    // Node's own way writes around the stream.
    process.stderr.write(`${inspect(error)}\n`)
    process.exit(1)
  })
}
