import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { once } from 'node:events'
import { z } from 'zod'
import { ConfigError } from '../setting-types.ts'

/** A backup of a later format is refused; those of earlier ones are read for ever. */
export const backupFormat = 1

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const headerLine = z.object({
  lookalike_backup: z.literal(backupFormat),
  /** ISO 8601. */
  made_at: z.string(),
  /** Of the program. */
  version: z.string(),
  store: z.string(),
  embedder: z.object({ id: z.string(), dimensions: z.int() }),
  images: z.int(),
})
export type Header = z.infer<typeof headerLine>

/** A file as it lies in DATA_DIR, and the objects that its bytes are, one after the other. */
const entryLine = z.object({ path: z.string(), bytes: z.int(), objects: z.array(hash) })
export type Entry = z.infer<typeof entryLine>

/**
 * The list of what is in a snapshot, as lines of JSON: a header, an entry for each file, and the hash of all that, by
 * which one that was cut short or changed is told from a whole one.
 */
export class ManifestWriter {
  readonly #file
  readonly #hash = createHash('sha256')

  constructor(path: string, header: Header) {
    this.#file = createWriteStream(path, { flush: true })
    this.#line(header)
  }

  /** Resolves when there is room for more. */
  async add(entry: Entry): Promise<void> {
    if (!this.#line(entry)) await once(this.#file, 'drain')
  }

  /** Resolves once it is on disk. */
  async end(): Promise<void> {
    this.#file.end(`${JSON.stringify({ sha256: this.#hash.digest('hex') })}\n`)
    await finished(this.#file)
  }

  #line(value: object): boolean {
    const text = `${JSON.stringify(value)}\n`
    this.#hash.update(text)
    return this.#file.write(text)
  }
}

/**
 * Reads a manifest; the header comes first.
 *
 * @throws ConfigError when it is not whole, or of a newer Lookalike
 */
export async function* readManifest(path: string): AsyncGenerator<Header | Entry> {
  const sum = createHash('sha256')
  let isHeader = true
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    const value = parse(line)
    if (isHeader) {
      yield header(value, path)
      isHeader = false
    } else {
      const entry = entryLine.safeParse(value)
      if (!entry.success) {
        const isWhole = (value as { sha256?: string } | null)?.sha256 === sum.digest('hex')
        if (isWhole) return
        throw damaged(path)
      }
      yield entry.data
    }
    sum.update(`${line}\n`)
  }
  throw damaged(path)
}

function header(value: unknown, path: string): Header {
  const parsed = headerLine.safeParse(value)
  if (parsed.success) return parsed.data
  const { lookalike_backup: format } = (value ?? {}) as { lookalike_backup?: number }
  if (format !== undefined && format > backupFormat) throw newerBackup()
  throw damaged(path)
}

export function newerBackup(): ConfigError {
  return new ConfigError(
    'This backup was made by a newer Lookalike: use that one, for restoring as well.',
  )
}

function damaged(path: string): ConfigError {
  return new ConfigError(
    `${path} is damaged or was cut short: use another snapshot of this backup, or another backup.`,
  )
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
