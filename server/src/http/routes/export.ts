import { Readable } from 'node:stream'
import { exportLines as linesOfExport, exportPage, exportParameters } from '@lookalike/contract'
import { exportLibrary, type ExportedPage } from '../../library/transfer/export-library.ts'
import type { FastifyReply } from 'fastify'
import type { VectorRecord } from '../../records/record.ts'
import type { App } from '../app-type.ts'
import { jsonLines } from '../answers/json-lines.ts'
import { negotiate } from '../answers/negotiate.ts'
import { filtered } from '../openapi/errors.ts'
import { presenterFor, type Presenter } from '../answers/present.ts'
import type { Services } from '../services.ts'

/** A library leaves as JSON Lines; files travel by themselves. */
export function exportRoutes(app: App, { deps, publicUrl }: Services): void {
  app.get(
    '/api/export',
    {
      schema: {
        summary: 'The library as JSON Lines, vectors included',
        description:
          'A record a line, as `GET /api/images/{id}` has it, with `vector`: 32-bit floats, little-endian, ' +
          'in base64. After every few hundred lines comes `{"checkpoint":{"cursor":"...","exported":200}}`: ' +
          'with that `cursor` an export that broke off goes on from there. A null `cursor` ends a complete one. ' +
          'With `Accept: application/json` one page of it, to be gone through by `next_cursor`.',
        operationId: 'exportRecords',
        tags: ['Library'],
        querystring: exportParameters,
        response: { 200: exportPage },
      },
      config: {
        scope: 'read',
        kind: 'export',
        sends: { [jsonLines]: linesOfExport },
        errors: filtered,
      },
    },
    async (request, reply) => {
      const pages = exportLibrary(deps, request.query)
      // Asked for before the answer begins, so that a bad cursor or an absent store is told as an error.
      const first = await pages.next()
      const presenter = presenterFor(request, publicUrl)
      reply.header('vary', 'accept')
      const { id } = deps.embedder
      if (negotiate(request, [jsonLines, 'application/json']) === 'application/json') {
        const { records, nextCursor } = first.value ?? { records: [], nextCursor: null }
        const exported = records.map((record: VectorRecord) => presenter.exported(record, id))
        return { records: exported, next_cursor: nextCursor }
      }
      return sendLines(reply, exportLines(first, pages, presenter, id))
    },
  )
}

function sendLines(reply: FastifyReply, lines: AsyncGenerator<string>): FastifyReply {
  return reply.type(jsonLines).header('cache-control', 'no-store').send(Readable.from(lines))
}

/** A string a page: fewer, larger writes than a line each. */
async function* exportLines(
  first: IteratorResult<ExportedPage, void>,
  rest: AsyncIterable<ExportedPage>,
  presenter: Presenter,
  embedder: string,
): AsyncGenerator<string> {
  let exported = 0
  const write = ({ records, nextCursor }: ExportedPage) => {
    exported += records.length
    const lines = records.map((record) => presenter.exported(record, embedder))
    const checkpoint = { checkpoint: { cursor: nextCursor, exported } }
    return [...lines, checkpoint].map((line) => `${JSON.stringify(line)}\n`).join('')
  }
  if (first.value) yield write(first.value)
  for await (const page of rest) yield write(page)
}
