import { contactSheetParameters, fileBytes } from '@lookalike/contract'
import { contactSheet } from '../../../library/thumbnails/contact-sheet.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { files, store } from '../../openapi/errors.ts'
import type { Services } from '../../services.ts'

export function contactSheetRoutes(app: App, { deps }: Services): void {
  app.get(
    '/api/contact-sheet',
    {
      schema: {
        summary: 'One picture of many images, each with its number',
        description:
          'A JPEG of at most 1280 pixels in width, for whoever looks at many images at once, such as a vision model. ' +
          'The place of an image that is not there stays grey.',
        operationId: 'getContactSheet',
        tags: ['Images'],
        querystring: contactSheetParameters,
      },
      config: {
        scope: 'read',
        kind: 'search',
        sends: { 'image/jpeg': fileBytes },
        errors: [...store, ...files],
      },
    },
    async (request, reply) => {
      const sheet = await contactSheet(deps, request.query.ids, abortWhenGone(reply))
      return reply
        .headers({
          'content-type': 'image/jpeg',
          'cache-control': 'private, no-store',
          'content-security-policy': "default-src 'none'; sandbox",
        })
        .send(sheet)
    },
  )
}
