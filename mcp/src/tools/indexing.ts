import type { Metadata } from '@lookalike/sdk'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { McpOptions } from '../options.ts'
import { pictureArguments } from './picture.ts'

/** The one tool that changes the library. */
export function indexTool(server: McpServer, options: McpOptions): void {
  const picture = pictureArguments(options)
  server.registerTool(
    'index',
    {
      title: 'Add a picture',
      description: `Adds a picture to the library, or replaces that of the same image_uri: give one of ${picture.names}.`,
      inputSchema: z.object({
        ...picture.shape,
        image_uri: z
          .string()
          .optional()
          .describe('Its identity; made from its content where it is not given'),
        metadata: z.record(z.string(), z.json()).optional(),
        description: z.string().optional().describe('What it shows; made where it is not given'),
      }),
      outputSchema: z.record(z.string(), z.json()),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    },
    async (given, { mcpReq: { signal } }) => {
      const { image_uri: imageUri, metadata, description } = given
      const record = await options.client.index(await picture.read(given), {
        ...(imageUri !== undefined && { imageUri }),
        ...(metadata && { metadata: metadata as Metadata }),
        ...(description !== undefined && { description }),
        signal,
      })
      return {
        content: [{ type: 'text', text: JSON.stringify(record) }],
        structuredContent: { ...record },
      }
    },
  )
}
