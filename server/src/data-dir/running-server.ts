import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../setting-types.ts'

/** Where the server answers that uses the library, and a key of it with the scope admin. */
export interface ServerAddress {
  readonly url: string
  readonly apiKey: string | undefined
}

/**
 * Has the server copy a database that only it may open.
 *
 * @returns the path of the copy, which is the caller's
 * @throws ConfigError that says what to do
 */
export async function askForCopy(
  { url, apiKey }: ServerAddress,
  dataDir: string,
  of: 'records' | 'graph',
): Promise<{ path: string; images: number }> {
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  let answer: Response
  try {
    answer = await fetch(`${url}/api/snapshots?of=${of}`, { method: 'POST', headers })
  } catch (error) {
    throw new ConfigError(
      `A server uses ${dataDir}, and none answers at ${url}: name its address with --url or LOOKALIKE_URL, or stop it.`,
      { cause: error },
    )
  }
  const body = (await answer.json().catch(() => ({}))) as {
    file?: string
    images?: number
    detail?: string
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new ConfigError(
      `The server at ${url} asks for a key with the scope admin: set LOOKALIKE_API_KEY to one.`,
    )
  }
  if (!answer.ok) {
    throw new ConfigError(
      `The server at ${url} could not copy its ${of}: ${body.detail ?? `it answered with ${answer.status}`}`,
    )
  }
  const path = join(dataDir, body.file ?? '')
  if (!body.file || !existsSync(path)) {
    throw new ConfigError(
      `The server at ${url} keeps its library elsewhere than in ${dataDir}: name the right one with --url or --data.`,
    )
  }
  return { path, images: body.images ?? 0 }
}
