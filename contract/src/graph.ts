import { z } from 'zod'
import { nullableText } from './values/json.ts'

const valueExample = { type: 'uri' as const, value: 'https://example.org/people/ada' }

export const graphValue = z
  .object({
    type: z.enum(['uri', 'literal']).describe('Whether `value` is a URI or a text'),
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
      .describe('Who says it: Lookalike (`library`), or people who added it'),
    direction: z
      .enum(['outgoing', 'incoming'])
      .describe('`outgoing`: the image is its subject; `incoming`: its object'),
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
      .describe('What the image is related to'),
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

const binding = z
  .object({
    type: z.string().describe('uri, literal or bnode'),
    value: z.string().describe('The term'),
    datatype: z.string().optional().describe('IRI of the datatype of a literal'),
  })
  .describe('What a variable stands for')
  .meta({ id: 'GraphBinding', examples: [{ type: 'literal', value: 'fox' }] })

/** `results` of a SELECT, `boolean` of an ASK. */
export const graphTable = z
  .object({
    head: z
      .object({ vars: z.array(z.string()).optional().describe('Names of the variables') })
      .describe('What the columns are'),
    results: z
      .object({
        bindings: z
          .array(z.record(z.string(), binding))
          .describe(
            'A row each: what the variables stand for, without those that stand for nothing',
          ),
      })
      .optional()
      .describe('The rows of a SELECT'),
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
