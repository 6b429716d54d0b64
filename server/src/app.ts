import multipart from '@fastify/multipart'
import fastify, { LogController } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { LookalikeError } from './errors.ts'
import type { App } from './http/app-type.ts'
import { contentTypes } from './http/bodies/content-types.ts'
import { misspellings } from './http/bodies/misspelled.ts'
import { blankQueries } from './http/bodies/blank-queries.ts'
import { audit } from './http/access/audit.ts'
import { apiKeys } from './http/access/auth.ts'
import { behindProxy, prefixRoute } from './http/connections/proxy.ts'
import { connectionOptions, connections } from './http/connections/connections.ts'
import { headAnswers } from './http/connections/head.ts'
import { docs } from './http/openapi/plugin.ts'
import { admission } from './http/plugins/admission.ts'
import { openMetrics } from './http/metrics/metrics.ts'
import { measuring, requestId } from './http/plugins/measuring.ts'
import { compression } from './http/plugins/compression.ts'
import { otherMethods } from './http/plugins/methods.ts'
import { negotiation } from './http/plugins/negotiation.ts'
import { jsonBodies } from './http/plugins/json-bodies.ts'
import { page } from './http/plugins/page.ts'
import { precedence } from './http/plugins/precedence.ts'
import { logSerializers, logStream } from './http/plugins/request-log.ts'
import { problemDetails, refuseUrl } from './http/plugins/problems.ts'
import { origins } from './http/access/origins.ts'
import { limitRates } from './http/plugins/rate-limit.ts'
import { security } from './http/plugins/security.ts'
import { duplicateRoutes } from './http/routes/duplicates.ts'
import { exportRoutes } from './http/routes/export.ts'
import { facetRoutes } from './http/routes/facets.ts'
import { feedbackRoutes } from './http/routes/feedback.ts'
import { healthRoutes } from './http/routes/health.ts'
import { collectionRoutes } from './http/routes/images/collection.ts'
import { contactSheetRoutes } from './http/routes/images/contact-sheet.ts'
import { fileRoutes } from './http/routes/images/files.ts'
import { indexRoutes } from './http/routes/images/index-image.ts'
import { recordRoutes } from './http/routes/images/record.ts'
import { questionRoutes } from './http/routes/images/questions.ts'
import { searchRoutes } from './http/routes/images/search.ts'
import { searchesRoutes } from './http/routes/searches.ts'
import { whyRoutes } from './http/routes/images/why.ts'
import { severalRoutes } from './http/routes/images/several.ts'
import { statementRoutes } from './http/routes/images/statements.ts'
import { importRoutes } from './http/routes/import.ts'
import { infoRoutes } from './http/routes/info.ts'
import { vocabularyRoutes } from './http/routes/vocabulary.ts'
import { metricsRoute } from './http/routes/metrics.ts'
import { mcpRoute } from './http/routes/mcp.ts'
import { keyRoutes } from './http/routes/keys.ts'
import { graphRoutes } from './http/routes/kg.ts'
import { mapRoutes } from './http/routes/map.ts'
import { mintedImageRoutes } from './http/routes/minted-images.ts'
import { reindexRoutes } from './http/routes/reindex.ts'
import { sessionRoutes } from './http/routes/session.ts'
import { snapshotRoutes } from './http/routes/snapshots.ts'
import { usageRoutes } from './http/routes/usage.ts'
import type { Services } from './http/services.ts'

/** Builds the HTTP application; whoever calls decides whether and where it listens. */
export async function buildApp(services: Services): Promise<App> {
  const metrics = openMetrics(services)
  const noteError = (error: LookalikeError) => {
    metrics.failed(error.code)
    services.errors.note(error)
    services.pages.noteError(error)
  }
  const app = fastify({
    logger: { level: services.logLevel, serializers: logSerializers, stream: logStream },
    // One line a request, not three.
    logController: new LogController({ disableRequestLogging: services.accessLog }),
    ...connectionOptions(services.times, noteError),
    ...behindProxy(services),
    genReqId: requestId,
    // The schemas say how long a part may be, and that it is too long; Node bounds the whole request line.
    routerOptions: { maxParamLength: 16_384 },
    forceCloseConnections: 'idle',
    frameworkErrors: refuseUrl,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  problemDetails(app)
  jsonBodies(app)
  measuring(app, { metrics, accessLog: services.accessLog, tracing: services.tracing, noteError })
  connections(app)
  const answerOtherMethods = otherMethods(app)
  await security(app, services.corsOrigins, services.publicUrl)
  origins(app, { ...services, isKeyed: () => services.keys.areAsked })
  headAnswers(app)
  await negotiation(app)
  await compression(app)
  blankQueries(app)
  misspellings(app)
  await docs(app, services.version)
  const checkKey = await apiKeys(app, { keys: services.keys, sessions: services.state.sessions })
  audit(app, services.auditLog)
  admission(app, services.load)
  precedence(app)
  await limitRates(app, services.ratePerMinute)
  contentTypes(app)
  await app.register(multipart)
  searchRoutes(app, services)
  questionRoutes(app, services)
  searchesRoutes(app, services)
  feedbackRoutes(app, services)
  whyRoutes(app, services)
  indexRoutes(app, services)
  collectionRoutes(app, services)
  severalRoutes(app, services)
  mapRoutes(app, services)
  recordRoutes(app, services)
  fileRoutes(app, services)
  contactSheetRoutes(app, services)
  statementRoutes(app, services)
  duplicateRoutes(app, services)
  facetRoutes(app, services)
  exportRoutes(app, services)
  importRoutes(app, services)
  infoRoutes(app, services)
  vocabularyRoutes(app, services)
  healthRoutes(app, services)
  metricsRoute(app, metrics, () => services.keys.areAsked)
  sessionRoutes(app, services, checkKey)
  keyRoutes(app, services)
  reindexRoutes(app, services)
  usageRoutes(app, services)
  snapshotRoutes(app, services)
  mintedImageRoutes(app, services)
  await graphRoutes(app, services)
  mcpRoute(app, services)
  await page(app, services.pageFolder)
  prefixRoute(app, services.publicUrl)
  answerOtherMethods()
  return app
}
