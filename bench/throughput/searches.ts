import { createHash } from 'node:crypto'
import type { RequestOptions } from 'node:http'
import { recordId } from '../../server/src/records/record-id.ts'
import type { VectorRecord } from '../../server/src/records/record.ts'
import { uriOf } from '../library/records.ts'
import { uploadBoundary, uploadForm } from '../upload.ts'

/** A search over HTTP. */
export interface Search {
  readonly path: string
  readonly options: RequestOptions
  readonly body?: Buffer | string
}

/** So many records have bytes that callers can send; the server knows them by their hash and decodes none. */
const known = 64
const pictureBytes = 60_000

/** Scattered, so that neither pages of the disk nor caches favour them. */
const scattered = (number: number, size: number) => (number * 7919 + 13) % size

/** The same in every process. */
function pictureOf(number: number): Buffer {
  const picture = Buffer.alloc(pictureBytes)
  // What a JPEG begins with; nobody looks further.
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex').copy(picture)
  picture.writeUInt32BE(number, 100)
  return picture
}

/** Gives some records the hashes of pictures that callers send. */
export function knownToCallers(
  size: number,
): (record: VectorRecord, number: number) => VectorRecord {
  const numbers = new Map(Array.from({ length: known }, (_, at) => [scattered(at, size), at]))
  return (record, number) => {
    const at = numbers.get(number)
    if (at === undefined) return record
    const sha256 = createHash('sha256').update(pictureOf(at)).digest('hex')
    return { ...record, file: { ...record.file!, sha256 } }
  }
}

export const likeIdOf = (number: number, size: number) => recordId(uriOf(scattered(number, size)))

/** What callers ask of a library of so many records; ten results each. */
export const searches: Record<string, (size: number) => (number: number) => Search> = {
  'more like it, by id': (size) => (number) => ({
    path: `/api/images/${likeIdOf(number, size)}/similar`,
    options: { method: 'GET' },
  }),
  'a picture of 60 kB whose bytes are known': () => {
    const forms = Array.from({ length: known }, (_, at) => uploadForm(pictureOf(at)))
    const type = `multipart/form-data; boundary=${uploadBoundary}`
    return (number) => {
      const body = forms[number % known]!
      const headers = { 'content-type': type, 'content-length': body.length }
      return { path: '/api/images/search-similar', options: { method: 'POST', headers }, body }
    }
  },
  'words that one record has': (size) => (number) => {
    const body = JSON.stringify({ query: `picture ${scattered(number, size)}` })
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    return { path: '/api/images/search-text', options: { method: 'POST', headers }, body }
  },
}
