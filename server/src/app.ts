import multipart from '@fastify/multipart'
import fastify from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { App } from './http/app-type.ts'
import { apiKeys } from './http/plugins/auth.ts'
import { docs } from './http/openapi/plugin.ts'
import { otherMethods } from './http/plugins/methods.ts'
import { negotiation } from './http/plugins/negotiation.ts'
import { jsonBodies } from './http/plugins/json-bodies.ts'
import { page } from './http/plugins/page.ts'
import { problemDetails, refuseUrl } from './http/plugins/problems.ts'
import { limitRates } from './http/plugins/rate-limit.ts'
import { security } from './http/plugins/security.ts'
import { duplicateRoutes } from './http/routes/duplicates.ts'
import { exportRoutes } from './http/routes/export.ts'
import { facetRoutes } from './http/routes/facets.ts'
import { healthRoutes } from './http/routes/health.ts'
import { collectionRoutes } from './http/routes/images/collection.ts'
import { fileRoutes } from './http/routes/images/files.ts'
import { indexRoutes } from './http/routes/images/index-image.ts'
import { recordRoutes } from './http/routes/images/record.ts'
import { searchRoutes } from './http/routes/images/search.ts'
import { statementRoutes } from './http/routes/images/statements.ts'
import { importRoutes } from './http/routes/import.ts'
import { infoRoutes } from './http/routes/info.ts'
import { vocabularyRoutes } from './http/routes/vocabulary.ts'
import { graphRoutes } from './http/routes/kg.ts'
import { mintedImageRoutes } from './http/routes/minted-images.ts'
import { reindexRoutes } from './http/routes/reindex.ts'
import { sessionRoutes } from './http/routes/session.ts'
import { snapshotRoutes } from './http/routes/snapshots.ts'
import { usageRoutes } from './http/routes/usage.ts'
import { withoutBlanks } from './http/read-parameters.ts'
import type { Services } from './http/services.ts'

/** Builds the HTTP application; whoever calls decides whether and where it listens. */
export async function buildApp(services: Services): Promise<App> {
  const app = fastify({
    logger: { level: services.logLevel },
    // A client that stops sending must not hold a connection, and its temporary file, for ever.
    requestTimeout: 120_000,
    genReqId: () => crypto.randomUUID(),
    // The schemas say how long a part may be, and that it is too long; Node bounds the whole request line.
    routerOptions: { maxParamLength: 16_384 },
    forceCloseConnections: 'idle',
    frameworkErrors: refuseUrl,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  problemDetails(app)
  jsonBodies(app)
  app.addHook('preValidation', async (request) => {
    request.query = withoutBlanks(request.query as Record<string, unknown>)
  })
  const answerOtherMethods = otherMethods(app)
  await security(app, services.corsOrigins, services.publicUrl)
  await negotiation(app)
  await docs(app, services.version)
  await apiKeys(app, services.apiKeys)
  await limitRates(app, services.ratePerMinute)
  await app.register(multipart, { limits: { files: 1, fields: 20, fieldSize: 256_000 } })
  searchRoutes(app, services)
  indexRoutes(app, services)
  collectionRoutes(app, services)
  recordRoutes(app, services)
  fileRoutes(app, services)
  statementRoutes(app, services)
  duplicateRoutes(app, services)
  facetRoutes(app, services)
  exportRoutes(app, services)
  importRoutes(app, services)
  infoRoutes(app, services)
  vocabularyRoutes(app, services)
  healthRoutes(app, services)
  sessionRoutes(app, services)
  reindexRoutes(app, services)
  usageRoutes(app, services)
  snapshotRoutes(app, services)
  mintedImageRoutes(app, services)
  await graphRoutes(app, services)
  await page(app, services.pageFolder)
  answerOtherMethods()
  return app
}
