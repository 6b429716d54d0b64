import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { arrayBuffer } from 'node:stream/consumers'
import { usageError } from './failure.ts'

/**
 * The text of a UTF-8 file, without a byte order mark.
 *
 * @throws Error when the file cannot be read or is not UTF-8
 */
export async function readText(path: string): Promise<string> {
  return decode(strictDecoder(), await readFile(path))
}

/**
 * The lines of a UTF-8 file, without a byte order mark; `-` is standard input. Empty lines are passed
 * over.
 *
 * @throws Error when the file cannot be read or is not UTF-8
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  const decoder = strictDecoder()
  let rest = ''
  for await (const chunk of path === '-' ? standardInput() : createReadStream(path)) {
    const lines = (rest + decode(decoder, chunk as Buffer, true)).split(/\r?\n/)
    rest = lines.pop()!
    yield* lines.filter(isFilled)
  }
  rest += decode(decoder, Buffer.of())
  if (isFilled(rest)) yield rest
}

/** All bytes of standard input. */
export async function readStandardInput(): Promise<ArrayBuffer> {
  return arrayBuffer(standardInput())
}

function standardInput(): NodeJS.ReadStream {
  if (process.stdin.isTTY) {
    throw usageError(
      "'-' reads standard input: send something into it, as in cat file | lookalike.",
    )
  }
  return process.stdin
}

// Anything else than UTF-8 would be stored with replacement characters in the place of its letters.
function strictDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true })
}

function decode(decoder: TextDecoder, bytes: Uint8Array, stream = false): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch (error) {
    throw new Error('it is not UTF-8 text. Save it as UTF-8.', { cause: error })
  }
}

function isFilled(line: string): boolean {
  return line.trim() !== ''
}
