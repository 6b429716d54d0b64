import { z } from 'zod'
import { nullableText } from './values/json.ts'

const valueExample = { type: 'uri' as const, value: 'https://example.org/people/ada' }

export const graphValue = z
  .object({
    type: z
      .enum(['uri', 'literal'])
      .describe('Whether `value` is a URI or a text')
      .meta({ id: 'GraphValueType' }),
    value: z.string().describe('The URI, or the text'),
  })
  .describe('A term of the knowledge graph')
  .meta({ id: 'GraphValue', examples: [valueExample] })
export type GraphValue = z.infer<typeof graphValue>

const statementExample = {
  graph: 'people' as const,
  direction: 'outgoing' as const,
  predicate: 'http://xmlns.com/foaf/0.1/depicts',
  value: valueExample,
  label: 'Ada Lovelace',
}

export const imageStatement = z
  .object({
    graph: z
      .enum(['library', 'people'])
      .describe('Who says it: Lookalike (`library`), or people who added it')
      .meta({ id: 'StatementSource' }),
    direction: z
      .enum(['outgoing', 'incoming'])
      .describe('`outgoing`: the image is its subject; `incoming`: its object')
      .meta({ id: 'StatementDirection' }),
    predicate: z.string().describe('IRI of what relates the two'),
    value: graphValue.describe('What stands at the other end'),
    label: nullableText.describe('What the other end is called, where that is known'),
  })
  .describe('A statement that has an image at one end')
  .meta({ id: 'ImageStatement', examples: [statementExample] })

export const statementList = z
  .object({
    statements: z.array(imageStatement).describe('Those of the library first, at most 500'),
  })
  .describe('What the graph says of one image')
  .meta({ id: 'StatementList', examples: [{ statements: [statementExample] }] })
export type StatementList = z.infer<typeof statementList>

export const statementRequest = z
  .object({
    predicate: z.string().trim().max(2048).describe('IRI, or a term that the ontology knows'),
    value: graphValue
      .extend({ value: z.string().trim().min(1).max(8000).describe('The URI, or the text') })
      .describe('What the image is related to')
      .meta({ id: 'GivenGraphValue', examples: [valueExample] }),
  })
  .describe('A statement about an image')
  .meta({
    id: 'StatementRequest',
    examples: [{ predicate: statementExample.predicate, value: valueExample }],
  })

export const graphImportResult = z
  .object({ statements: z.int().describe('How many statements the document holds') })
  .describe('What was added to the graph')
  .meta({ id: 'GraphImportResult', examples: [{ statements: 12 }] })

const queryExample = 'SELECT ?image WHERE { ?image a <http://schema.org/ImageObject> } LIMIT 10'
const graphUris = (words: string) => z.array(z.string()).optional().describe(words)

/** The SPARQL 1.1 Protocol's own names; read by the route, which knows where they may come from. */
export const sparqlParameters = z.object({
  query: z
    .string()
    .describe('A SPARQL 1.1 query')
    .meta({ examples: [queryExample] }),
  'default-graph-uri': graphUris('Graphs that the query asks where it names none'),
  'named-graph-uri': graphUris('Graphs that the query can name'),
})

export const sparqlQueryForm = sparqlParameters
  .describe('A query of the knowledge graph')
  .meta({ id: 'SparqlQuery', examples: [{ query: queryExample }] })

export const sparqlQueryText = z
  .string()
  .describe('A SPARQL 1.1 query')
  .meta({ examples: [queryExample] })

const updateExample =
  'INSERT DATA { <https://example.org/photos/fox.jpg> <http://purl.org/dc/terms/subject> "fox" }'

export const sparqlUpdateForm = z
  .object({ update: z.string().describe('A SPARQL 1.1 update') })
  .describe('A change of what people say')
  .meta({ id: 'SparqlUpdate', examples: [{ update: updateExample }] })

export const sparqlUpdateText = z
  .string()
  .describe('A SPARQL 1.1 update')
  .meta({ examples: [updateExample] })

/** A document in the syntax of its media type. */
export const graphText = z.string().describe('Statements in the syntax of the media type')
export const turtleText = graphText.meta({
  examples: ['<https://example.org/photos/fox.jpg> a <http://schema.org/ImageObject> .\n'],
})

export const tableText = z.string().describe('Rows in the syntax of the media type')

/** Of which no one shape can be said: JSON-LD is an object or a list. */
export const jsonLdStatements = z
  .unknown()
  .describe('Statements as JSON-LD 1.1')
  .meta({
    examples: [
      [{ '@id': 'https://example.org/photos/fox.jpg', '@type': ['http://schema.org/ImageObject'] }],
    ],
  })

export const jsonLdDocument = z
  .looseObject({})
  .describe('A JSON-LD 1.1 document')
  .meta({ id: 'JsonLd', examples: [{ '@id': 'urn:example', '@type': 'ImageObject' }] })

const binding = z
  .object({
    type: z.string().describe('uri, literal or bnode'),
    value: z.string().describe('The term'),
    datatype: z.string().optional().describe('IRI of the datatype of a literal'),
  })
  .describe('What a variable stands for')
  .meta({ id: 'GraphBinding', examples: [{ type: 'literal', value: 'fox' }] })

const graphHead = z
  .object({ vars: z.array(z.string()).optional().describe('Names of the variables') })
  .describe('What the columns are')
  .meta({ id: 'GraphHead', examples: [{ vars: ['name'] }] })

const graphRow = z
  .record(z.string(), binding)
  .describe('What the variables stand for, without those that stand for nothing')
  .meta({ id: 'GraphRow', examples: [{ name: { type: 'literal', value: 'Ada' } }] })

const graphRows = z
  .object({ bindings: z.array(graphRow).describe('A row each') })
  .describe('The rows of a SELECT')
  .meta({
    id: 'GraphRows',
    examples: [{ bindings: [{ name: { type: 'literal', value: 'Ada' } }] }],
  })

/** `results` of a SELECT, `boolean` of an ASK. */
export const graphTable = z
  .object({
    head: graphHead,
    results: graphRows.optional().describe('The rows of a SELECT'),
    boolean: z.boolean().optional().describe('The answer to an ASK'),
  })
  .describe('SPARQL 1.1 Query Results JSON')
  .meta({
    id: 'GraphTable',
    examples: [
      {
        head: { vars: ['name'] },
        results: { bindings: [{ name: { type: 'literal', value: 'Ada' } }] },
      },
    ],
  })
export type GraphTable = z.infer<typeof graphTable>
