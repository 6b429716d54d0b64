import { LookalikeError } from '../errors.ts'

/**
 * A library can only be searched with vectors of the embedder that made it.
 *
 * @param elsewhere how to keep that library and start another, as the store says it
 */
export function embedderMismatch(
  madeBy: string,
  openedWith: string,
  elsewhere: string,
): LookalikeError {
  return new LookalikeError(
    'embedder_mismatch',
    `This library was made by the embedder ${madeBy}, and this server runs ${openedWith}. ` +
      `Set EMBEDDER and its settings as they were; or, to start a new library with ${openedWith}, ` +
      `${elsewhere} and index the pictures again.`,
  )
}
