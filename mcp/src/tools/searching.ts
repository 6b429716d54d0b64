import type { Filter, SearchResponse } from '@lookalike/sdk'
import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { McpOptions } from '../options.ts'
import { sheetOf } from './content.ts'
import { pictureArguments } from './picture.ts'

const narrowing = {
  limit: z.int().min(1).max(100).default(12).describe('How many results at most'),
  min_match: z
    .enum(['same', 'near-duplicate', 'strong', 'possible', 'weak'])
    .optional()
    .describe('Only results that match at least so well'),
  hide_duplicates: z
    .boolean()
    .optional()
    .describe('Of results that show the same picture, only the best'),
  filter: z
    .record(z.string(), z.json())
    .optional()
    .describe(
      'Only pictures whose metadata passes, such as {"must":[{"key":"album","match":{"value":"Harz"}}]}; ' +
        '`facets` tells the values of a key',
    ),
  contact_sheet: z
    .boolean()
    .default(true)
    .describe('Whether to add one picture of all results with their numbers'),
}

/** What of a result is worth a model's attention; `show` tells the rest. */
const found = z.object({
  query: z.string().describe('What the picture that was asked about shows; of a text, the text'),
  results: z
    .array(
      z.object({
        number: z.int().describe('Its number on the contact sheet'),
        id: z.string(),
        image_uri: z.string(),
        score: z.number().describe('Cosine similarity, 1 for the same picture'),
        match: z.string().nullable().describe('How alike it is, in a word; null: not known'),
        found_by: z
          .enum(['likeness', 'words'])
          .describe(
            'words: all that was asked for stands in its description, tags, metadata or file name',
          ),
        description: z.string().nullable(),
        metadata: z.record(z.string(), z.json()),
      }),
    )
    .describe('Best first'),
  note: z
    .string()
    .nullable()
    .describe('Why there is no result, or that none is clearly what was asked for'),
})

interface Narrowing {
  limit: number
  min_match?: 'same' | 'near-duplicate' | 'strong' | 'possible' | 'weak' | undefined
  hide_duplicates?: boolean | undefined
  filter?: unknown
  contact_sheet: boolean
}

const looks = { readOnlyHint: true, openWorldHint: false }

export function searchTools(server: McpServer, options: McpOptions): void {
  const { client } = options
  const picture = pictureArguments(options)

  server.registerTool(
    'search_by_image',
    {
      title: 'Search by a picture',
      description: `Finds pictures of the library that look like one: give one of ${picture.names}.`,
      inputSchema: z.object({ ...picture.shape, ...narrowing }),
      outputSchema: found,
      annotations: { ...looks, openWorldHint: true },
    },
    async (given, { mcpReq: { signal } }) => {
      const image = await picture.read(given)
      const answer = await client.searchSimilar(image, { ...optionsOf(given), signal })
      return present(answer, given, signal)
    },
  )

  server.registerTool(
    'search_by_text',
    {
      title: 'Search by words',
      description:
        'Finds pictures of the library in whose description, tags, metadata or file name the words stand, and those that show what ' +
        'the words say.',
      inputSchema: z.object({
        query: z.string().min(1).max(8000).describe('What the pictures show'),
        ...narrowing,
      }),
      outputSchema: found,
      annotations: looks,
    },
    async (given, { mcpReq: { signal } }) => {
      const answer = await client.searchText(given.query, { ...optionsOf(given), signal })
      return present(answer, given, signal)
    },
  )

  server.registerTool(
    'more_like',
    {
      title: 'More like one of the library',
      description: 'Finds pictures that look like one that is in the library, by its id.',
      inputSchema: z.object({ id: z.string().describe('The id of a picture'), ...narrowing }),
      outputSchema: found,
      annotations: looks,
    },
    async (given, { mcpReq: { signal } }) => {
      const answer = await client.similarTo(given.id, { ...optionsOf(given), signal })
      return present(answer, given, signal)
    },
  )

  async function present(
    { query_image, results, note }: SearchResponse,
    { contact_sheet }: Narrowing,
    signal: AbortSignal,
  ): Promise<CallToolResult> {
    const numbered = results.map(
      ({ id, image_uri, score, match, found_by, description, metadata }, index) => ({
        number: index + 1,
        id,
        image_uri,
        score,
        match,
        found_by,
        description,
        metadata,
      }),
    )
    const ids = results.map(({ id }) => id)
    const sheet = contact_sheet ? await sheetOf(client, ids, signal) : []
    return {
      content: [{ type: 'text', text: textOf(numbered, note) }, ...sheet],
      structuredContent: { query: query_image, results: numbered, note },
    }
  }
}

function textOf(results: z.infer<typeof found>['results'], note: string | null): string {
  const lines = [...(note === null ? [] : [note]), ...results.map(lineOf)]
  return lines.join('\n') || 'Nothing similar was found.'
}

function lineOf(result: z.infer<typeof found>['results'][number]): string {
  const { number, score, match, found_by, image_uri, description } = result
  const how = found_by === 'words' ? 'named so' : match
  const words = [score.toFixed(3), how, image_uri].filter((word) => word !== null).join(' ')
  return `${number}. ${words}${description ? `: ${description}` : ''}`
}

function optionsOf({ limit, min_match, hide_duplicates, filter }: Narrowing) {
  return {
    limit,
    ...(min_match && { minMatch: min_match }),
    ...(hide_duplicates !== undefined && { hideDuplicates: hide_duplicates }),
    // The server reads it, and says what is wrong with it.
    ...(filter !== undefined && { filter: filter as Filter }),
  }
}
