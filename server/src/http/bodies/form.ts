import type { Readable } from 'node:stream'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { LookalikeError } from '../../errors.ts'
import { refuseMisspelled } from './misspelled.ts'
import { withoutBlanks } from './read-parameters.ts'

/** Longest value of a field. */
const maxFieldBytes = 256_000
/** What a form may hold beside its file: fields, and what stands between the parts. */
const maxOtherBytes = 1_000_000
/** The part that is the picture, and the one that is another where a route takes two. */
const fileName = 'image_file'
const otherName = 'to_file'

export interface Form<Kept> {
  /** What became of the pictures, in their order; empty where there was none. */
  readonly pictures: readonly Kept[]
  /** The same of the second file, where the route's form has one. */
  readonly other: Kept | null
  /** The fields that are not blank: an input that was left empty says nothing. */
  readonly fields: Record<string, string>
}

/**
 * Reads a multipart form, its parts in whatever order. A part is a field unless it is the picture:
 * clients send JSON as a file named `blob`, or with a content type of its own.
 *
 * @param maxBytes of a file
 * @param maxPictures how many parts may be the picture
 * @param keep reads the file to its end
 * @throws LookalikeError `missing_file` where the body is no form, `upload_too_large` as soon as that
 *   is known, `invalid_parameter` for a form that cannot be read
 */
export async function readForm<Kept>(
  request: FastifyRequest,
  { maxBytes, maxPictures = 1 }: { maxBytes: number; maxPictures?: number },
  keep: (file: Readable, filename: string | null) => Promise<Kept>,
): Promise<Form<Kept>> {
  const schema = request.routeOptions.config.form
  if (!request.isMultipart()) throw noForm(request)
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  const setField = (name: string, value: string) => {
    if (fields[name] !== undefined && fields[name] !== value) throw givenTwice(name)
    fields[name] = value
  }
  const known = schema?.shape ?? {}
  const pictures: Kept[] = []
  let other: Kept | null = null
  const takesTwo = Object.hasOwn(known, otherName)
  const mostBytes = (maxPictures + Number(takesTwo)) * maxBytes + maxOtherBytes
  if (Number(request.headers['content-length']) > mostBytes) throw tooLarge(maxBytes)
  const stopCounting = boundBody(request, mostBytes, maxBytes)
  try {
    for await (const part of request.parts(partOptions(maxBytes, takesTwo))) {
      const name = part.fieldname
      if (part.type === 'field') {
        if (part.valueTruncated) throw tooLong(name)
        setField(name, String(part.value))
      } else if (name === fileName && pictures.length < maxPictures) {
        part.file.once('limit', () => part.file.destroy(tooLarge(maxBytes)))
        pictures.push(await keep(part.file, part.filename || null))
      } else if (takesTwo && name === otherName && other === null) {
        part.file.once('limit', () => part.file.destroy(tooLarge(maxBytes)))
        other = await keep(part.file, part.filename || null)
      } else if (name !== fileName && Object.hasOwn(known, name)) {
        setField(name, await readText(part))
      } else {
        throw new LookalikeError(
          'invalid_parameter',
          `Unexpected file part '${name}': send ${maxPictures === 1 ? 'exactly one file' : `at most ${maxPictures} files`}, in ${maxPictures === 1 ? 'a part' : 'parts'} named '${fileName}'.`,
        )
      }
    }
  } catch (error) {
    throw isMalformed(error) ? unreadable(error as Error) : error
  } finally {
    stopCounting()
  }
  refuseMisspelled(fields, schema)
  return { pictures, other, fields: withoutBlanks(fields) }
}

function partOptions(maxBytes: number, takesTwo: boolean) {
  return {
    limits: { fileSize: maxBytes, fieldSize: maxFieldBytes, files: 21, fields: 20 },
    throwFileSizeLimit: false,
    // JSON as well: the parser would read it, and what it is read into is another's business.
    isPartAFile: (name: string | undefined, type: string | undefined, file: string | undefined) =>
      name === fileName ||
      (takesTwo && name === otherName) ||
      file !== undefined ||
      type?.startsWith('application/') === true,
  }
}

/** Ends the reading of a body that goes on for ever, be it in front of, between or behind the parts. */
function boundBody({ raw }: FastifyRequest, mostBytes: number, maxBytes: number): () => void {
  let received = 0
  const count = (chunk: Buffer) => {
    received += chunk.length
    if (received > mostBytes) raw.emit('error', tooLarge(maxBytes))
  }
  raw.on('data', count)
  return () => raw.off('data', count)
}

async function readText({ fieldname, file }: MultipartFile): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of file as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxFieldBytes) throw tooLong(fieldname)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new LookalikeError('invalid_parameter', `${fieldname}: is not text in UTF-8.`)
  }
}

/** The parser's own errors have no code; those of files, and of callers who left, have. */
function isMalformed(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof LookalikeError || 'code' in error) return false
  return /multipart|boundary|terminated early|part header|needle/i.test(error.message)
}

function unreadable(cause: Error): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `The form cannot be read (${cause.message}). Send it whole, as multipart/form-data with the boundary that ` +
      'stands between its parts: HTTP clients make all of that of a form when no Content-Type is set by hand.',
    { cause },
  )
}

function tooLong(name: string): LookalikeError {
  return new LookalikeError('invalid_parameter', `${name}: is longer than ${maxFieldBytes} bytes.`)
}

function givenTwice(name: string): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `${name}: is given twice, with different values. Send it once.`,
  )
}

function noForm(request: FastifyRequest): LookalikeError {
  const wanted = wantedForm(request)
  if (wanted === null) return missingFile('The request is not multipart/form-data.')
  return new LookalikeError(
    'unsupported_media_type',
    `The request is not multipart/form-data. ${wanted}`,
  )
}

/** How a form is to be sent that is one without a picture too; null where it is for the sake of its picture. */
export function wantedForm({ routeOptions: { config } }: FastifyRequest): string | null {
  const shape: Record<string, z.ZodType> = config.form?.shape ?? {}
  const needed = Object.keys(shape).filter((name) => !shape[name]!.safeParse(undefined).success)
  if (needed.length === 0 || needed.includes(fileName)) return null
  const parts = needed.map((name) => `'${name}'`).join(', ')
  return `Send multipart/form-data, as HTTP clients make it of a form; it needs ${needed.length === 1 ? 'a part' : 'parts'} named ${parts}.`
}

export function missingFile(what: string): LookalikeError {
  return new LookalikeError(
    'missing_file',
    `${what} Send the picture as multipart/form-data in a part named '${fileName}'.`,
  )
}

function tooLarge(maxBytes: number): LookalikeError {
  return new LookalikeError(
    'upload_too_large',
    `The file is larger than ${maxBytes / 1e6} MB, the most this server accepts (MAX_UPLOAD_MB). Send a smaller copy.`,
  )
}
