import { indexFields, indexForm, indexResponse } from '@lookalike/contract'
import { indexImage } from '../../../library/indexing/index-image.ts'
import { abortWhenGone } from '../../abort.ts'
import { noteChanged } from '../../access/audit.ts'
import type { App } from '../../app-type.ts'
import { change, files, models, picture } from '../../openapi/errors.ts'
import { timeStages } from '../../plugins/measuring.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../answers/present.ts'
import { readParameters } from '../../bodies/read-parameters.ts'
import type { Services } from '../../services.ts'
import { snakeCased } from '../../answers/snake-case.ts'

export function indexRoutes(app: App, services: Services): void {
  const { deps, uploads, downloader, publicUrl } = services

  app.post(
    '/api/images/index',
    {
      schema: {
        summary: 'Add an image to the library, or bring it up to date',
        operationId: 'indexImage',
        tags: ['Images'],
        description:
          'The picture is `image_file`, or fetched from `image_url`. 201: new; 200: known already.',
        response: { 200: indexResponse, 201: indexResponse },
      },
      config: {
        scope: 'write',
        ...worksOnPicture,
        kind: 'upload',
        form: indexForm,
        errors: [
          ...picture,
          ...models,
          ...change,
          ...files,
          'unsupported',
          'blocked_url',
          'unreachable_url',
        ],
      },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const stages = timeStages(reply)
      stages.begin('receive')
      const received = await uploads.receiveOrFetch(request, downloader, signal)
      try {
        const options = readParameters(indexFields, received.fields)
        const { record, outcome, cached, usage } = await indexImage(
          deps,
          received.upload,
          {
            ...options,
            imageUri: options.image_uri ?? options.image_url,
            embeddedMetadata: options.embedded_metadata,
          },
          { stages, signal },
        )
        noteChanged(request, [record.id])
        reply.code(outcome === 'created' ? 201 : 200)
        const presented = presenterFor(request, publicUrl).record(record)
        return { ...presented, cached, usage: snakeCased(usage), timings_ms: stages.finish() }
      } finally {
        await received.discard()
      }
    },
  )
}
