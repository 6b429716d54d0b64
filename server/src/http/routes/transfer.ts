import { Readable } from 'node:stream'
import { exportLibrary, type ExportedPage } from '../../library/export-library.ts'
import { importRecords } from '../../library/import-records.ts'
import { base64OfVector } from '../../records/vectors.ts'
import type { App } from '../app-type.ts'
import { exportParameters, importBody } from '../parameters.ts'
import { presenterFor, type Presenter } from '../present.ts'
import { importResult } from '../schemas.ts'
import type { Services } from '../services.ts'
import { mostLines, readTransferLines } from '../transfer-lines.ts'

const jsonLines = 'application/x-ndjson'
/** 500 vectors of 4096 dimensions in base64, and room for metadata. */
const mostImportBytes = 32 * 1024 * 1024

/** A library leaves as JSON Lines and arrives as JSON Lines; files travel by themselves. */
export function transferRoutes(app: App, { deps, publicUrl }: Services): void {
  app.get(
    '/api/export',
    {
      schema: {
        summary: 'The library as JSON Lines, vectors included',
        description:
          'A record a line, as `GET /api/images/{id}` has it, with `vector`: 32-bit floats, little-endian, ' +
          'in base64. After every few hundred lines comes `{"checkpoint":{"cursor":"...","exported":200}}`: ' +
          'with that `cursor` an export that broke off goes on from there. A null `cursor` ends a complete one.',
        querystring: exportParameters,
      },
      config: { sends: [jsonLines] },
    },
    async (request, reply) => {
      const pages = exportLibrary(deps, request.query)
      // Asked for before the answer begins, so that a bad cursor or an absent store is told as an error.
      const first = await pages.next()
      const presenter = presenterFor(request, publicUrl)
      const lines = exportLines(first, pages, presenter, deps.embedder.id)
      return reply.type(jsonLines).header('cache-control', 'no-store').send(Readable.from(lines))
    },
  )

  app.addContentTypeParser(
    [jsonLines, 'application/jsonl'],
    { parseAs: 'string', bodyLimit: mostImportBytes },
    (_request, body, done) => done(null, body),
  )
  app.post(
    '/api/import',
    {
      bodyLimit: mostImportBytes,
      schema: {
        summary: 'Take over exported records, vectors included; nothing is embedded',
        description:
          `${jsonLines}: at most ${mostLines} lines of an export; all are stored or, when one is wrong, none. ` +
          'A record replaces the one of its `image_uri`. Files do not travel along: until a file is sent to ' +
          '`POST /api/images/index` under the same `image_uri`, which embeds nothing, `image_url` is null.',
        consumes: [jsonLines],
        body: importBody,
        response: { 200: importResult },
      },
    },
    async (request) => {
      const records = readTransferLines(request.body, deps.embedder.dimensions)
      const { stored, created, replaced, withoutFile } = await importRecords(deps, records)
      return { received: records.length, stored, created, replaced, without_file: withoutFile }
    },
  )
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
    const lines = records.map((record) => ({
      ...presenter.record(record),
      // A record of another program names no embedder; it is served as this one's, so it moves as that.
      embedder: record.embedderId ?? embedder,
      vector: base64OfVector(record.vector),
    }))
    const checkpoint = { checkpoint: { cursor: nextCursor, exported } }
    return [...lines, checkpoint].map((line) => `${JSON.stringify(line)}\n`).join('')
  }
  if (first.value) yield write(first.value)
  for await (const page of rest) yield write(page)
}
