import { readFile } from 'node:fs/promises'
import {
  graphImportResult,
  graphTable,
  graphText,
  jsonLdStatements,
  noContent,
  sparqlParameters,
  sparqlQueryForm,
  sparqlQueryText,
  sparqlUpdateForm,
  sparqlUpdateText,
  tableText,
  turtleText,
} from '@lookalike/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LookalikeError } from '../../errors.ts'
import {
  graphFormats,
  resultFormats,
  type GraphFormat,
  type ResultFormat,
} from '../../graph/formats.ts'
import type { Dataset } from '../../graph/knowledge-graph.ts'
import { readQuery } from '../../sparql-text/reader.ts'
import { abortWhenGone } from '../abort.ts'
import type { App } from '../app-type.ts'
import { negotiate } from '../answers/negotiate.ts'
import { graph, graphQuery } from '../openapi/errors.ts'
import type { Services } from '../services.ts'
import { utf8Parameters, utf8Text } from '../bodies/utf8.ts'

/** Some 80,000 statements: what can be made durable at once without holding up others for long. */
const maxImportBytes = 10_000_000
const ontology = new URL('../../graph/ontology.ttl', import.meta.url)
const form = 'application/x-www-form-urlencoded'

/** Shapes of what is answered and taken, by media type. */
const tables = {
  'application/sparql-results+json': graphTable,
  'application/sparql-results+xml': tableText,
  'text/csv': tableText,
  'text/tab-separated-values': tableText,
} satisfies Record<ResultFormat, unknown>
const documents = {
  'text/turtle': turtleText,
  'application/n-triples': graphText,
  'application/ld+json': jsonLdStatements,
  'application/n-quads': graphText,
  'application/rdf+xml': graphText,
} satisfies Record<GraphFormat, unknown>

/** SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), and whole documents in and out. */
export async function graphRoutes(main: App, services: Services): Promise<void> {
  const { graph: knowledge } = services.deps
  // Bodies of these types are texts here and nowhere else.
  await main.register(async (scope) => {
    const app = scope as App
    app.addContentTypeParser(
      ['application/sparql-query', 'application/sparql-update', form, ...graphFormats],
      { parseAs: 'buffer' },
      async (request: FastifyRequest, body: Buffer) =>
        utf8Text(body, request.headers['content-type']),
    )

    const description =
      'SPARQL 1.1 Protocol: `query` as a parameter, a form field or an application/sparql-query body. ' +
      'SELECT and ASK answer JSON, XML, CSV or TSV; CONSTRUCT and DESCRIBE Turtle, N-Triples, JSON-LD, ' +
      'N-Quads or RDF/XML, as `Accept` asks.'
    const schema = { summary: 'Ask the knowledge graph', description, tags: ['Graph'] }
    const asked = {
      kind: 'graph',
      sends: { ...tables, ...documents },
      errors: [...graphQuery, 'not_acceptable'],
    } as const
    app.get(
      '/api/kg/sparql',
      {
        schema: { ...schema, operationId: 'queryGraph' },
        config: { scope: 'read', ...asked, reads: sparqlParameters },
      },
      answer,
    )
    app.post(
      '/api/kg/sparql',
      {
        schema: { ...schema, operationId: 'queryGraphByPost' },
        config: {
          scope: 'read',
          ...asked,
          takes: { [form]: sparqlQueryForm, 'application/sparql-query': sparqlQueryText },
        },
      },
      answer,
    )

    async function answer(request: FastifyRequest, reply: FastifyReply) {
      const { text, parameters } = readText(request, 'query')
      const { kind } = await readQuery(text)
      const isTable = kind === 'SELECT' || kind === 'ASK'
      const format = isTable
        ? chooseFormat(request, resultFormats, {
            'application/json': resultFormats[0],
            'application/xml': resultFormats[1],
          })
        : chooseFormat(request, graphFormats, { 'application/json': 'application/ld+json' })
      const dataset = readDataset(parameters)
      const body = await knowledge.query({ text, format, dataset }, abortWhenGone(reply))
      return reply.type(`${format}; charset=utf-8`).header('vary', 'accept').send(body)
    }

    app.post(
      '/api/kg/update',
      {
        schema: {
          summary: 'Change what people say',
          description:
            'SPARQL 1.1 Update of the graph <urn:lookalike:graph:people>, and of no other.',
          operationId: 'updateGraph',
          tags: ['Graph'],
          response: { 204: noContent },
        },
        config: {
          scope: 'write',
          kind: 'graph',
          takes: { [form]: sparqlUpdateForm, 'application/sparql-update': sparqlUpdateText },
          errors: [...graphQuery, 'storage_full'],
        },
      },
      async (request, reply) => {
        const { text, parameters } = readText(request, 'update')
        if (parameters.has('using-graph-uri') || parameters.has('using-named-graph-uri')) {
          throw new LookalikeError(
            'query_refused',
            'using-graph-uri and using-named-graph-uri are not taken here: write USING in the update.',
          )
        }
        await knowledge.update(text)
        return reply.code(204).send()
      },
    )

    app.post(
      '/api/kg/import',
      {
        bodyLimit: maxImportBytes,
        schema: {
          summary: 'Add a document to what people say',
          description: 'Turtle, N-Triples, N-Quads, JSON-LD or RDF/XML, by its Content-Type.',
          operationId: 'importStatements',
          tags: ['Graph'],
          response: { 200: graphImportResult },
        },
        config: {
          scope: 'write',
          kind: 'graph',
          takes: documents,
          errors: [...graphQuery, 'storage_full'],
        },
      },
      async (request) => {
        const type = mediaType(request)
        const format = graphFormats.find((known) => known === type)
        if (!format) throw unknownType(graphFormats)
        return { statements: await knowledge.add(request.body as string, format) }
      },
    )

    app.get(
      '/api/kg/export',
      {
        schema: {
          summary: 'Everything the graph holds, as `Accept` asks',
          operationId: 'exportStatements',
          tags: ['Graph'],
        },
        config: {
          scope: 'read',
          kind: 'graph',
          sends: documents,
          errors: [...graph, 'query_too_heavy', 'not_acceptable'],
        },
      },
      async (request, reply) => {
        const format = chooseFormat(request, graphFormats, {})
        return reply.type(`${format}; charset=utf-8`).send(await knowledge.export(format))
      },
    )

    app.get(
      '/api/kg/ontology',
      {
        schema: {
          summary: 'The terms that Lookalike writes, and their shape, in Turtle',
          operationId: 'getOntology',
          tags: ['Graph'],
        },
        config: { scope: 'read', sends: { 'text/turtle': turtleText } },
      },
      async (_request, reply) =>
        reply.type('text/turtle; charset=utf-8').send(await readFile(ontology, 'utf8')),
    )
  })
}

/** The query or update of a request, and its other parameters, whichever way it was sent. */
function readText(request: FastifyRequest, name: 'query' | 'update') {
  const url = utf8Parameters(/\?([^#]*)/.exec(request.url)?.[1] ?? '')
  const type = mediaType(request)
  const isForm = request.method === 'POST' && type === form
  const isDirect = request.method === 'POST' && type === `application/sparql-${name}`
  const parameters = isForm ? utf8Parameters(request.body as string) : url
  const texts = isDirect ? [request.body as string] : parameters.getAll(name)
  const unsafe = name === 'update' && !isForm && !isDirect
  if (texts.length !== 1 || unsafe || (request.method === 'POST' && !isForm && !isDirect)) {
    throw new LookalikeError(
      'invalid_parameter',
      `Send one ${name}: as the body of a POST with Content-Type application/sparql-${name}, or as the form field ` +
        `'${name}'${name === 'query' ? ', or as that parameter of a GET' : ''}.`,
    )
  }
  return { text: texts[0]!, parameters }
}

/** The graphs that the protocol's parameters name; undefined when they name none. */
function readDataset(parameters: URLSearchParams): Dataset | undefined {
  const defaultGraphs = parameters.getAll('default-graph-uri')
  const namedGraphs = parameters.getAll('named-graph-uri')
  return defaultGraphs.length + namedGraphs.length > 0 ? { defaultGraphs, namedGraphs } : undefined
}

function mediaType(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}

/** @param aliases broader media types that clients ask for, and what they get */
function chooseFormat<Format extends string>(
  request: FastifyRequest,
  formats: readonly Format[],
  aliases: Record<string, Format>,
): Format {
  const accepted = negotiate(request, [...formats, ...Object.keys(aliases)])
  if (accepted === null) throw notAcceptable(formats)
  return aliases[accepted] ?? (accepted as Format)
}

function notAcceptable(formats: readonly string[]): LookalikeError {
  return new LookalikeError('not_acceptable', `This can be answered as ${formats.join(', ')}.`)
}

function unknownType(formats: readonly GraphFormat[]): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `Say what the document is with a Content-Type of ${formats.join(', ')}.`,
  )
}
