import { abortWhenGone } from '../abort.ts'
import type { App } from '../app-type.ts'
import { logError } from '../plugins/problems.ts'
import { reindexBody } from '../parameters.ts'
import { reindexPlan, reindexStatus } from '../schemas.ts'
import type { Services } from '../services.ts'

const noOptions = { dry_run: false, describe_again: false, leave_out_failed: false }

/** Making the library over for the embedder of the settings. */
export function reindexRoutes(app: App, { reindexer }: Services): void {
  // Its library must be closed before the one in use is.
  app.addHook('onClose', () => reindexer.stop())

  app.post(
    '/api/reindex',
    {
      schema: {
        summary: 'Make the library over for the embedder of the settings',
        description:
          'Starts in the background, or goes on where it stopped: 202. Until every record is in the new library ' +
          'the one in use answers; then they are exchanged. With `dry_run` only what it would take is told: 200. ' +
          'Only what changed is asked of models, and what they answered once is remembered.',
        body: reindexBody,
        response: { 200: reindexPlan, 202: reindexStatus },
      },
    },
    async (request, reply) => {
      const { dry_run, ...options } = request.body ?? noOptions
      if (dry_run) return reindexer.plan(options, abortWhenGone(reply))
      reindexer.start(options, (error) => logError(error, app.log))
      return reply.code(202).send(reindexer.status())
    },
  )

  app.get(
    '/api/reindex',
    { schema: { summary: 'How a re-index stands', response: { 200: reindexStatus } } },
    async () => reindexer.status(),
  )

  app.delete(
    '/api/reindex',
    {
      schema: {
        summary: 'Stop a re-index; what is made over is kept for when it goes on',
        response: { 200: reindexStatus },
      },
    },
    async () => {
      await reindexer.stop()
      return reindexer.status()
    },
  )
}
