import type { Filter } from '@lookalike/sdk'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { McpOptions } from '../options.ts'
import { imageContent } from './content.ts'

const looks = { readOnlyHint: true, openWorldHint: false }
const idArgument = z.string().describe('The id of a picture, as searches tell it')

/** Tools that look something up. */
export function askingTools(server: McpServer, { client }: McpOptions): void {
  server.registerTool(
    'show',
    {
      title: 'Show a picture',
      description: 'One picture of the library, to look at, with all that is known of it.',
      inputSchema: z.object({ id: idArgument }),
      outputSchema: z.record(z.string(), z.json()),
      annotations: looks,
    },
    async ({ id }, { mcpReq: { signal } }) => {
      const record = await client.get(id, { signal })
      const uri = `lookalike://images/${record.id}`
      const mimeType = 'application/json'
      return {
        content: [
          { type: 'text', text: JSON.stringify(record) },
          ...(record.thumbnail_url && record.sha256
            ? [await imageContent(await client.thumbnail(id, { signal }))]
            : []),
          { type: 'resource_link', uri, name: record.image_uri, mimeType },
        ],
        structuredContent: { ...record },
      }
    },
  )

  server.registerTool(
    'facets',
    {
      title: 'Values of metadata',
      description: 'How many pictures have each value of a metadata key, most frequent first.',
      inputSchema: z.object({
        key: z.string().min(1).describe('A metadata key, such as album'),
        limit: z.int().min(1).max(1000).default(50),
        filter: z.record(z.string(), z.json()).optional().describe('Only pictures that pass'),
      }),
      outputSchema: z.object({
        key: z.string(),
        values: z.array(
          z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int() }),
        ),
      }),
      annotations: looks,
    },
    async ({ key, limit, filter }, { mcpReq: { signal } }) => {
      const narrowed = filter && { filter: filter as unknown as Filter }
      const facets = await client.facets(key, { limit, ...narrowed, signal })
      return asText(facets)
    },
  )

  server.registerTool(
    'ask_graph',
    {
      title: 'Ask the knowledge graph',
      description:
        'Asks what is known about pictures, by a SPARQL SELECT or ASK. A picture is a schema:ImageObject ' +
        '(http://schema.org/); <urn:lookalike:term:id> is its id.',
      inputSchema: z.object({ query: z.string().min(1).describe('SPARQL 1.1 SELECT or ASK') }),
      outputSchema: z.looseObject({
        head: z.looseObject({}),
        boolean: z.boolean().optional(),
        results: z
          .looseObject({ bindings: z.array(z.record(z.string(), z.looseObject({}))) })
          .optional(),
      }),
      annotations: looks,
    },
    async ({ query }, { mcpReq: { signal } }) => asText(await client.ask(query, { signal })),
  )
}

/** As text too, for those that read no structured content. */
function asText(value: object) {
  return {
    content: [{ type: 'text' as const, text: JSON.stringify(value) }],
    structuredContent: { ...value },
  }
}
