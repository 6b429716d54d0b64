import { reindexPlan, reindexRequest, reindexStatus } from '@lookalike/contract'
import { abortWhenGone } from '../abort.ts'
import type { App } from '../app-type.ts'
import { change } from '../openapi/errors.ts'
import { logError } from '../problem.ts'
import type { Services } from '../services.ts'
import { snakeCased } from '../answers/snake-case.ts'

const noOptions = { dry_run: false, describe_again: false, drop_failed: false }

/** Making the library over for the embedder of the settings. */
export function reindexRoutes(app: App, { reindexer }: Services): void {
  // Its library must be closed before the one in use is.
  app.addHook('onClose', () => reindexer.stop())

  app.post(
    '/api/reindex',
    {
      schema: {
        summary: 'Make the library over for the embedder of the settings',
        operationId: 'startReindex',
        tags: ['Library'],
        description:
          'Starts in the background, or goes on where it stopped: 202. Until every record is in the new library ' +
          'the one in use answers; then they are exchanged. With `dry_run` only what it would take is told: 200. ' +
          'Only what changed is asked of models, and what they answered once is remembered.',
        body: reindexRequest.nullish(),
        response: { 200: reindexPlan, 202: reindexStatus },
      },
      config: { scope: 'admin', errors: [...change, 'unsupported', 'embedder_mismatch'] },
    },
    async (request, reply) => {
      const { dry_run, describe_again, drop_failed } = request.body ?? noOptions
      const options = { describeAgain: describe_again, dropFailed: drop_failed }
      if (dry_run) return snakeCased(await reindexer.plan(options, abortWhenGone(reply)))
      reindexer.start(options, (error) => logError(error, app.log))
      return reply.code(202).send(snakeCased(reindexer.status()))
    },
  )

  app.get(
    '/api/reindex',
    {
      schema: {
        summary: 'How a re-index stands',
        operationId: 'getReindex',
        tags: ['Library'],
        response: { 200: reindexStatus },
      },
      config: { scope: 'read' },
    },
    async () => snakeCased(reindexer.status()),
  )

  app.delete(
    '/api/reindex',
    {
      schema: {
        summary: 'Stop a re-index; what is made over is kept for when it goes on',
        operationId: 'stopReindex',
        tags: ['Library'],
        response: { 200: reindexStatus },
      },
      config: { scope: 'admin' },
    },
    async () => {
      await reindexer.stop()
      return snakeCased(reindexer.status())
    },
  )
}
