import { setTimeout } from 'node:timers/promises'
import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tracing } from './tracing.ts'

/** Longest that the end of the process waits for the collector. */
const maxFlushMs = 3_000

/**
 * Traces by OpenTelemetry's SDK. A span for each request, named by its route, with a child for each stage: they are made
 * when the answer is out, so that answering does not wait for it. A caller's trace (W3C `traceparent`) is gone on with.
 *
 * Attributes are those of the semantic conventions for HTTP; nothing of a query is among them.
 */
export default function openExporter(endpoint: string, version: string): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'lookalike', 'service.version': version }))
      // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }) }),
    ],
  })
  const tracer = provider.getTracer('lookalike', version)
  const propagator = new W3CTraceContextPropagator()

  return {
    record(request, reply) {
      const { method, headers } = request
      const route = request.is404 ? undefined : request.routeOptions.url
      const endTime = Date.now()
      const startTime = endTime - reply.elapsedTime
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
      const span = tracer.startSpan(
        route === undefined ? method : `${method} ${route}`,
        { kind: SpanKind.SERVER, startTime, attributes: attributesOf(request, reply, route) },
        parent,
      )
      const within = trace.setSpan(parent, span)
      for (const { stage, from, to } of reply.stages?.intervals ?? []) {
        tracer
          .startSpan(stage, { startTime: performance.timeOrigin + from }, within)
          .end(performance.timeOrigin + to)
      }
      if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(endTime)
    },

    async close() {
      const late = setTimeout(maxFlushMs, undefined, { ref: false })
      await Promise.race([provider.shutdown().catch(() => {}), late])
    },
  }
}

function attributesOf(request: FastifyRequest, reply: FastifyReply, route: string | undefined) {
  return {
    'http.request.method': request.method,
    'http.response.status_code': reply.statusCode,
    'url.path': request.url.split('?', 1)[0]!,
    'url.scheme': request.protocol,
    'lookalike.request_id': request.id,
    ...(route !== undefined && { 'http.route': route }),
  }
}
