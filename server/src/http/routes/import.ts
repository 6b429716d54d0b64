import { importLines, importRequest, importResult, maxImported } from '@lookalike/contract'
import { importRecords } from '../../library/transfer/import-records.ts'
import { noteChanged } from '../access/audit.ts'
import type { App } from '../app-type.ts'
import { jsonLines, readImportLines, readImportRecords } from '../answers/json-lines.ts'
import { change } from '../openapi/errors.ts'
import { readParameters } from '../bodies/read-parameters.ts'
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
          `At most ${maxImported} lines of an export, or as many records as JSON: all are stored or, when one is wrong, none. ` +
          'Where no answer comes, some may be stored: send them again. ' +
          'A record replaces the one of its `image_uri`. Files do not travel along: until a file is sent to ' +
          '`POST /api/images/index` under the same `image_uri`, which embeds nothing, `image_url` is null.',
        operationId: 'importRecords',
        tags: ['Library'],
        response: { 200: importResult },
      },
      config: {
        scope: 'write',
        kind: 'import',
        takes: { 'application/json': importRequest, [jsonLines]: importLines },
        errors: [...change, 'embedder_mismatch'],
      },
    },
    async (request) => {
      const { body } = request
      const { dimensions } = deps.embedder
      const records =
        typeof body === 'string'
          ? await readImportLines(body, dimensions)
          : readImportRecords(readParameters(importRequest, body).records, dimensions)
      noteChanged(
        request,
        records.map(({ id }) => id),
      )
      const { missingFiles, ...counts } = await importRecords(deps, records)
      return { received: records.length, ...counts, missing_files: missingFiles }
    },
  )
}
