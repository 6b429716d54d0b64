import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { ConfigError } from '../setting-types.ts'

const path = '.env'
const assignment = /^(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*(.*)$/
const quotes = ['"', "'", '`']

/**
 * The settings in the file `.env` of the working folder; none where there is no such file. Read as UTF-8,
 * or as UTF-16 where its first bytes say so: a Windows shell writes that.
 *
 * @throws ConfigError when it cannot be read, or a line of it is no setting
 */
export function readEnvFile(): Record<string, string> {
  const bytes = readBytes()
  if (!bytes) return {}
  const text = decode(bytes)
  assertAssignments(text)
  return parseEnv(text) as Record<string, string>
}

function readBytes(): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    if (code === 'EISDIR') throw unusable('is a folder: make it a file with a line NAME=value each')
    if (code === 'EACCES' || code === 'EPERM') {
      throw unusable('may not be read by the user that runs Lookalike: let that user read it')
    }
    throw unusable(`cannot be read (${code})`)
  }
}

/** A mark at the beginning names the encoding; the decoder leaves the mark out. */
function decode(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex')
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8'
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Told below.
  }
  throw unusable('is not text in UTF-8: open it in an editor and save it in that encoding')
}

/** `parseEnv` passes over what it cannot read; whoever wrote that meant something by it. */
function assertAssignments(text: string): void {
  let open: { quote: string; line: number } | null = null
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    if (open) {
      if (raw.includes(open.quote)) open = null
      continue
    }
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    // Not repeated here: it may be a secret.
    const value = assignment.exec(line)?.[1]
    if (value === undefined) {
      throw unusable(`has a line ${index + 1} that is not NAME=value: mend it, or begin it with #`)
    }
    const quote = value[0] ?? ''
    if (quotes.includes(quote) && !value.slice(1).includes(quote)) open = { quote, line: index + 1 }
  }
  if (open) throw unusable(`has a quote in line ${open.line} that is never closed`)
}

function unusable(what: string): ConfigError {
  return new ConfigError(`The file ${path} ${what}.`)
}
