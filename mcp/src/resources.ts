import { ResourceTemplate, type McpServer } from '@modelcontextprotocol/server'
import type { McpOptions } from './options.ts'
import { base64Of } from './tools/content.ts'

/** As many as a list of resources is worth reading; searches find the others. */
const listed = 100

/** The record of each picture, and its thumbnail, each at an address of its own. */
export function recordResources(server: McpServer, { client }: McpOptions): void {
  server.registerResource(
    'image',
    new ResourceTemplate('lookalike://images/{id}', {
      async list() {
        const { images } = await client.list({ limit: listed })
        return {
          resources: images.map(({ id, image_uri, description }) => ({
            uri: `lookalike://images/${id}`,
            name: image_uri,
            ...(description && { description }),
            mimeType: 'application/json',
          })),
        }
      },
    }),
    {
      title: 'Picture',
      description: `All that is known of a picture; the newest ${listed} are listed`,
      mimeType: 'application/json',
    },
    async (uri, { id }) => {
      const record = await client.get(String(id))
      const text = JSON.stringify(record, null, 2)
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text }] }
    },
  )
  server.registerResource(
    'thumbnail',
    new ResourceTemplate('lookalike://images/{id}/thumbnail', { list: undefined }),
    {
      title: 'Thumbnail',
      description: 'A picture, its long edge at most 384 pixels',
      mimeType: 'image/png',
    },
    async (uri, { id }) => {
      const blob = await base64Of(await client.thumbnail(String(id)))
      return { contents: [{ uri: uri.href, mimeType: 'image/png', blob }] }
    },
  )
}
