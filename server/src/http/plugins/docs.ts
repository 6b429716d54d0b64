import { problem } from '@lookalike/contract'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { OpenAPIV3_1 } from 'openapi-types'
import { z } from 'zod'
import { nameComponents } from './api-components.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The multipart form that the route reads for itself: what a body schema is to other routes. */
    form?: z.ZodObject
    /** The content types of an answer that no schema serialises: a file, lines of JSON, statements. */
    sends?: readonly string[]
  }
}

type TransformObject = NonNullable<swagger.FastifyDynamicSwaggerOptions['transformObject']>
type Transform = NonNullable<swagger.FastifyDynamicSwaggerOptions['transform']>

/** The description of this API, made from the schemas that its routes enforce, and a page to read it. */
export async function docs(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Lookalike',
        version,
        description: 'Image similarity search that a person can run themselves.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
      // Needed only where the server has API_KEYS.
      security: [{}, { apiKey: [] }],
    },
    transform: describeRoute,
    transformObject: describeShapes,
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'Lookalike API' },
    // No check of the document by a server of somebody else.
    uiConfig: { validatorUrl: null },
    // The viewer writes styles into its elements; scripts stay as strict as everywhere.
    transformStaticCSP: (policy) => `${policy};style-src 'self' 'unsafe-inline'`,
  })
}

/** Adds what no schema of the route says: its form, an answer that is streamed, the shape of errors. */
const describeRoute: Transform = (document) => {
  if (!('openapiObject' in document) || !document.schema || document.schema.hide) {
    return jsonSchemaTransform(document)
  }
  const { schema, route } = document
  const { form, sends } = route.config ?? {}
  return jsonSchemaTransform({
    ...document,
    schema: {
      ...schema,
      ...(form && { body: form, consumes: ['multipart/form-data'] }),
      response: {
        ...(schema.response as object),
        ...(sends && {
          200: { description: schema.summary, content: contentOf(sends) },
        }),
        default: problemAnswer,
      },
    },
  })
}

/** Bytes rather than JSON. */
const binary = z.file()

/** Formats that are JSON have schemas of their own standards; the others are text or bytes. */
function contentOf(types: readonly string[]) {
  const schemaOf = (type: string) => (type.endsWith('+json') ? z.unknown() : binary)
  return Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type) }]))
}

const problemAnswer = {
  description: 'What went wrong and what to do, as RFC 9457 problem details',
  content: { 'application/problem+json': { schema: problem } },
}

const describeShapes: TransformObject = (document) =>
  nameComponents(jsonSchemaTransformObject(document) as OpenAPIV3_1.Document)
