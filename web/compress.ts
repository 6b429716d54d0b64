import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

type Content = string | Uint8Array

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** What is text, and not compressed in itself. */
const text = /\.(html|js|css|svg|json|webmanifest)$/

/** Below this a compressed file saves no packet. */
const worthwhile = 1024

/**
 * Brotli and gzip of a page's files, at the most that each can do: they are made once and served often.
 *
 * @param files by name
 * @returns by name too, with `.br` and `.gz` appended, as the server looks for them
 */
export async function compressed(files: ReadonlyMap<string, Content>) {
  const made = new Map<string, Content>()
  for (const [name, content] of files) {
    const bytes = Buffer.from(content)
    if (!text.test(name) || bytes.length < worthwhile) continue
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    made.set(`${name}.br`, await brotli(bytes, { params }))
    made.set(`${name}.gz`, await zip(bytes, { level: constants.Z_BEST_COMPRESSION }))
  }
  return made
}
