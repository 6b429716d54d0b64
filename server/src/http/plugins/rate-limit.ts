import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { LookalikeError } from '../../errors.ts'

/**
 * Bounds how often one caller, known by a key that was checked or else by its address, may have a picture worked
 * on. Routes that do such work opt in with {@link worksOnPicture}; reading the library is free.
 *
 * @param perMinute no limit when undefined
 */
export async function limitRates(
  app: FastifyInstance,
  perMinute: number | undefined,
): Promise<void> {
  if (perMinute === undefined) return
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => request.caller?.keyId ?? request.ip,
    errorResponseBuilder: (_request, { ttl }) =>
      new LookalikeError(
        'rate_limited',
        `More than ${perMinute} pictures in a minute (RATE_LIMIT_PER_MINUTE). Go on in ${Math.ceil(ttl / 1000)} s.`,
        { retryAfter: Math.ceil(ttl / 1000) },
      ),
  })
}

/** In a route's `config`: counts towards the caller's rate. */
export const worksOnPicture = { rateLimit: {} } as const
