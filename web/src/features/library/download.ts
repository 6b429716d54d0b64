import { downloadZip } from 'client-zip'
import type { Client } from '@lookalike/sdk'
import { saveFile } from '../../frame/save-file.ts'
import { nameOf } from '../../components/name-of.ts'

/** A zip is made in the browser's memory: pictures and bytes at most. */
export const zippedAtMost = 1000
const bytesAtMost = 2e9

/** There is more of it than a browser should hold. */
export class TooMuch extends Error {}

/** Saves the original of a picture or, of several, a zip of them, made here as they arrive. */
export async function download(
  client: Client,
  ids: readonly string[],
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number) => void },
): Promise<void> {
  const [only] = ids
  if (ids.length === 1 && only !== undefined) {
    const { name, response } = await original(client, only, signal)
    return saveFile(await response.blob(), name)
  }
  const names = new Set<string>()
  let bytes = 0
  async function* files() {
    for (const [done, id] of ids.entries()) {
      const { name, response } = await original(client, id, signal)
      const input = await response.blob()
      bytes += input.size
      if (bytes > bytesAtMost) throw new TooMuch()
      yield { name: unlike(names, name), input }
      onProgress(done + 1)
    }
  }
  saveFile(await downloadZip(files()).blob(), 'lookalike.zip')
}

async function original(client: Client, id: string, signal: AbortSignal) {
  const record = await client.get(id, { signal })
  if (!record.image_url) throw new Error(record.image_uri)
  // Beside the page, whatever the server is called elsewhere.
  const response = await fetch(`./api/images/${id}/file`, { signal })
  if (!response.ok) throw new Error(record.image_uri)
  return { name: fileName(record.image_uri, record.format), response }
}

/** The last part of the URI, ending as its format says. */
function fileName(uri: string, format: string | null): string {
  // No file system has these.
  const name = nameOf(uri)
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, '_')
    .slice(-120)
  const ending = format === 'jpeg' ? 'jpg' : (format ?? 'img')
  return /\.[A-Za-z0-9]{2,4}$/.test(name) ? name : `${name}.${ending}`
}

function unlike(names: Set<string>, name: string): string {
  const dot = name.lastIndexOf('.')
  let other = name
  for (let copy = 2; names.has(other.toLowerCase()); copy++) {
    other = `${name.slice(0, dot)} (${copy})${name.slice(dot)}`
  }
  names.add(other.toLowerCase())
  return other
}
