import { LookalikeConnectionError } from '@lookalike/sdk'
import { useServerBack } from '../../../offline/use-server-back.ts'

/**
 * Tries again by itself once the server answers, if what went wrong is that it did not.
 *
 * @returns whether that is awaited
 */
export function useReturn(error: unknown, retry: () => void): boolean {
  const waiting = error instanceof LookalikeConnectionError
  useServerBack(waiting, retry)
  return waiting
}
