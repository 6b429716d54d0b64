import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** Response headers that keep the page to itself, and CORS for the origins that were named. */
export async function security(
  app: FastifyInstance,
  corsOrigins: string[],
  publicUrl: string | undefined,
): Promise<void> {
  const linksLeadElsewhere = publicUrl !== undefined || corsOrigins.length > 0
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // https: a library adopted from another program may show pictures where that one put them.
        imgSrc: [
          "'self'",
          'blob:',
          'data:',
          'https:',
          ...(publicUrl ? [new URL(publicUrl).origin] : []),
        ],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
      },
    },
    // Whether there is HTTPS is the business of the proxy in front, which sets this itself.
    strictTransportSecurity: false,
    // Pages of CORS_ORIGINS may show the thumbnails, and so may this one when opened by another name.
    crossOriginResourcePolicy: { policy: linksLeadElsewhere ? 'cross-origin' : 'same-origin' },
  })
  if (corsOrigins.length === 0) return
  await app.register(cors, {
    origin: corsOrigins.includes('*') ? '*' : corsOrigins,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['retry-after', 'x-request-id', 'server-timing'],
  })
}
