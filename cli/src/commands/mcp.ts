import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorLine } from '../failure.ts'
import { packageVersion } from '../package-version.ts'
import type { Session } from '../session.ts'
import { reasonOfFile } from '../import/finding/file-errors.ts'

/** Gives a model the tools of the server, over standard input and output, until it closes them. */
export async function serveTools(
  { client, terminal }: Session,
  { write = false }: { write?: boolean },
): Promise<void> {
  const { talkOverStdio } = await import('@lookalike/mcp/stdio')
  const options = { client, version: packageVersion(), write, readFile: readPictureFile }
  await talkOverStdio(options, ({ message }) => terminal.err(errorLine(message)))
}

async function readPictureFile(path: string): Promise<Blob> {
  const file = path.startsWith('file:') ? fileURLToPath(path) : resolve(path)
  try {
    return new File([await readFile(file)], basename(file))
  } catch (error) {
    throw new Error(`The picture cannot be read: ${reasonOfFile(error)}.`, { cause: error })
  }
}
