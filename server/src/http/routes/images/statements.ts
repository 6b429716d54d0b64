import { idParameter, noContent, statementList, statementRequest } from '@lookalike/contract'
import { addImageStatement, imageStatements } from '../../../library/graph/statements.ts'
import type { App } from '../../app-type.ts'
import { change, graph, store } from '../../openapi/errors.ts'
import type { Services } from '../../services.ts'

/** What the knowledge graph says of one image. */
export function statementRoutes(app: App, { deps }: Services): void {
  app.get(
    '/api/images/:id/statements',
    {
      schema: {
        summary: 'What the knowledge graph says of an image',
        operationId: 'listStatements',
        tags: ['Graph'],
        params: idParameter,
        response: { 200: statementList },
      },
      config: { scope: 'read', kind: 'graph', errors: [...store, ...graph, 'not_found'] },
    },
    async (request) => ({ statements: await imageStatements(deps, request.params.id) }),
  )

  app.post(
    '/api/images/:id/statements',
    {
      schema: {
        summary: 'Add a statement about an image to what people say',
        operationId: 'addStatement',
        tags: ['Graph'],
        params: idParameter,
        body: statementRequest,
        response: { 204: noContent },
      },
      config: {
        scope: 'write',
        kind: 'graph',
        errors: [...change, ...graph, 'not_found', 'query_too_heavy'],
      },
    },
    async (request, reply) => {
      const { predicate, value } = request.body
      await addImageStatement(deps, request.params.id, predicate, value)
      return reply.code(204).send()
    },
  )
}
