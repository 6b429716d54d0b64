import { z } from 'zod'
import { count, entriesOf, url } from '../setting-types.ts'
import { isIri } from '../sparql-text/iri.ts'

/** Name in `GRAPH` -> folder beside this file. */
export const graphNames = ['embedded', 'sparql', 'none'] as const
export type GraphName = (typeof graphNames)[number]

/** `key=IRI` pairs, comma-separated, as an object. */
const properties = z.string().transform((text, context) => {
  const pairs = entriesOf(text).map((entry): [string, string] => {
    const [key = '', property = ''] = entry.split(/=(.*)/s)
    return [key.trim(), property.trim()]
  })
  const unfit = pairs.find(([key, property]) => key === '' || !isIri(property))
  if (unfit) {
    context.addIssue({ code: 'custom', message: `${unfit[0]} needs an IRI: key=https://...` })
  }
  return Object.fromEntries(pairs)
})

/** The settings of the knowledge graph. */
export const graphSettings = {
  GRAPH: z
    .enum(graphNames)
    .default('embedded')
    .describe(
      'Where statements about images live: here (embedded), in a SPARQL server (sparql), or nowhere (none)',
    ),
  SPARQL_ENDPOINT: url
    .default('http://localhost:3030/lookalike/sparql')
    .describe('Query address of that server'),
  SPARQL_UPDATE_ENDPOINT: url
    .optional()
    .describe('Update address of that server, when it is another'),
  SPARQL_USER: z
    .string()
    .optional()
    .describe('User that is sent to that server, as Basic credentials'),
  SPARQL_PASSWORD: z.string().optional().describe('Password of that user'),
  GRAPH_TIMEOUT_MS: count
    .default(10_000)
    .describe('Longest that one graph query may wait and run, in milliseconds'),
  GRAPH_MEMORY_MB: count
    .min(64)
    .max(4096)
    .default(2048)
    .describe(
      'Most memory of the embedded graph, its statements included, in MB: 100,000 images take some 800',
    ),
  GRAPH_PROPERTIES: properties
    .default({})
    .describe('More properties for metadata keys: key=IRI, comma-separated'),
}

export type GraphSettings = z.output<z.ZodObject<typeof graphSettings>>
