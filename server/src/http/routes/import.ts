import { importBody, importResult } from '@lookalike/contract'
import { importRecords } from '../../library/import-records.ts'
import type { App } from '../app-type.ts'
import { jsonLines, maxLines, readImportLines } from '../json-lines.ts'
import type { Services } from '../services.ts'

/** 500 vectors of 4096 dimensions in base64, and room for metadata. */
const maxImportBytes = 32 * 1024 * 1024

/** A library arrives as JSON Lines. */
export function importRoutes(app: App, { deps }: Services): void {
  app.addContentTypeParser(
    [jsonLines, 'application/jsonl'],
    { parseAs: 'string', bodyLimit: maxImportBytes },
    (_request, body, done) => done(null, body),
  )
  app.post(
    '/api/import',
    {
      bodyLimit: maxImportBytes,
      schema: {
        summary: 'Take over exported records, vectors included; nothing is embedded',
        description:
          `${jsonLines}: at most ${maxLines} lines of an export; all are stored or, when one is wrong, none. ` +
          'A record replaces the one of its `image_uri`. Files do not travel along: until a file is sent to ' +
          '`POST /api/images/index` under the same `image_uri`, which embeds nothing, `image_url` is null.',
        consumes: [jsonLines],
        body: importBody,
        response: { 200: importResult },
      },
    },
    async (request) => {
      const records = readImportLines(request.body, deps.embedder.dimensions)
      const { missingFiles, ...counts } = await importRecords(deps, records)
      return { received: records.length, ...counts, missing_files: missingFiles }
    },
  )
}
