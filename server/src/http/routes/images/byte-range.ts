import type { FastifyReply, FastifyRequest } from 'fastify'
import { LookalikeError } from '../../../errors.ts'
import type { ByteRange } from '../../../files/file-store.ts'

/**
 * The part of a file that a request asks for (RFC 9110, section 14), and in the answer, that parts can
 * be asked for. Null where the whole is to be sent: no part, several, or one of what is no longer so.
 *
 * @param etag strong
 * @param size of the whole, in bytes
 * @throws LookalikeError `range_not_satisfiable`
 */
export function rangeOf(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  etag: string,
  size: number,
): ByteRange | null {
  reply.header('accept-ranges', 'bytes')
  if (method !== 'GET' || headers.range === undefined) return null
  const condition = headers['if-range']
  if (condition !== undefined && condition !== etag) return null
  const [, first = '', last = ''] =
    /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(headers.range) ?? []
  if (first === '' && last === '') return null
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (start < size) return { start, end }
  reply.header('content-range', `bytes */${size}`)
  throw new LookalikeError(
    'range_not_satisfiable',
    `The file has ${size} bytes: ask for some of those.`,
  )
}
