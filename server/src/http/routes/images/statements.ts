import { z } from 'zod'
import { addImageStatement, imageStatements } from '../../../library/graph/statements.ts'
import type { App } from '../../app-type.ts'
import { idParameter } from '../../parameters.ts'
import { statementList } from '../../schemas.ts'
import type { Services } from '../../services.ts'

const statementBody = z.object({
  predicate: z.string().trim().max(2048),
  value: z.object({ type: z.enum(['uri', 'literal']), value: z.string().trim().min(1).max(8000) }),
})

/** What the knowledge graph says of one image. */
export function statementRoutes(app: App, { deps }: Services): void {
  app.get(
    '/api/images/:id/statements',
    {
      schema: {
        summary: 'What the knowledge graph says of an image',
        params: idParameter,
        response: { 200: statementList },
      },
    },
    async (request) => {
      const statements = await imageStatements(deps, request.params.id)
      return { statements: statements.map(({ saidBy, ...rest }) => ({ said_by: saidBy, ...rest })) }
    },
  )

  app.post(
    '/api/images/:id/statements',
    {
      schema: {
        summary: 'Add a statement about an image to what people say',
        params: idParameter,
        body: statementBody,
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { predicate, value } = request.body
      await addImageStatement(deps, request.params.id, predicate, value)
      return reply.code(204).send()
    },
  )
}
