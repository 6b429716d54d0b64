import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** The lines of a text file; `-` is standard input. Empty lines are passed over. */
export async function* readLines(path: string): AsyncGenerator<string> {
  if (path === '-') {
    yield* filled(createInterface({ input: process.stdin, crlfDelay: Infinity }))
    return
  }
  const file = await open(path)
  try {
    yield* filled(file.readLines())
  } finally {
    await file.close()
  }
}

async function* filled(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) if (line.trim() !== '') yield line
}
