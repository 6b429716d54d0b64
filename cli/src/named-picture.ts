import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { usageError } from './failure.ts'
import { reasonOfFile } from './import/finding/file-errors.ts'
import { idOrNull } from './record-id.ts'
import { readStandardInput } from './text-files.ts'

/**
 * The bytes of a picture, or the id of one that the library has.
 *
 * @param picture a file, an id, an image URI, or `-` for standard input; what is there as a file is one
 */
export async function readPicture(picture: string): Promise<Blob | string> {
  if (picture === '-') {
    const bytes = await readStandardInput()
    if (bytes.byteLength === 0) throw usageError('Standard input is empty: send a picture into it.')
    return new Blob([bytes])
  }
  try {
    return new File([await readFile(picture)], basename(picture))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const id = code === 'ENOENT' ? idOrNull(picture) : null
    if (id) return id
    throw usageError(
      code === 'ENOENT'
        ? `There is no file '${picture}'. Name a file, the id or URI of a picture in the library, or - for standard input.`
        : `The picture cannot be read: ${reasonOfFile(error)}.`,
      { cause: error },
    )
  }
}
