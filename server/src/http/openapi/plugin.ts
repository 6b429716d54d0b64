import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { OpenAPIV3_1 } from 'openapi-types'
import { openRoutes } from '../access/auth.ts'
import { nameComponents } from './components.ts'
import { addComponents } from './conversion.ts'
import { finish } from './finish.ts'
import { describeRoute } from './route.ts'
import { tags } from './tags.ts'

type TransformObject = NonNullable<swagger.FastifyDynamicSwaggerOptions['transformObject']>

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
      // Wherever this document was fetched from.
      servers: [{ url: '/', description: 'This server' }],
      tags,
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A key whose scope is the one named, or above it (read, write, admin); not needed where the server has none',
          },
        },
      },
      security: [{}, { apiKey: [] }],
    },
    transform: describeRoute,
    transformObject: describeShapes,
  })
  app.get('/openapi.json', { config: { open: true }, schema: { hide: true } }, async () =>
    app.swagger(),
  )
  await app.register(async (scope) => {
    openRoutes(scope)
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      theme: { title: 'Lookalike API' },
      // No check of the document by a server of somebody else.
      uiConfig: { validatorUrl: null },
      // The viewer writes styles into its elements; scripts stay as strict as everywhere.
      transformStaticCSP: (policy) => `${policy};style-src 'self' 'unsafe-inline'`,
    })
  })
}

const describeShapes: TransformObject = (document) =>
  finish(nameComponents(addComponents(document) as OpenAPIV3_1.Document))
