import type { FastifyRequest } from 'fastify'

/**
 * The media type that the caller likes best, by `Accept` with its q-values; of equals, the one that
 * stands first.
 *
 * @returns null when none is acceptable
 */
export function negotiate<Type extends string>(
  request: FastifyRequest,
  types: readonly Type[],
): Type | null {
  const accepted = request.accepts().type([...types])
  return typeof accepted === 'string' ? (accepted as Type) : null
}
