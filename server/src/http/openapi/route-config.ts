import type { z } from 'zod'
import type { ErrorCode } from '../../errors.ts'

type ByContentType = Readonly<Record<string, z.ZodType>>

declare module 'fastify' {
  /** What a route says of itself where it reads or writes in a way that no schema of Fastify's enforces. */
  interface FastifyContextConfig {
    /** The multipart form that it reads. */
    form?: z.ZodObject
    /** The query parameters that it reads. */
    reads?: z.ZodObject
    /** The bodies that it reads. */
    takes?: ByContentType
    /** Its answers that are not serialised by a schema: files, lines of JSON, statements. */
    sends?: ByContentType
    /** What can go wrong besides what can with every call of its kind; see `errorsOf`. */
    errors?: readonly ErrorCode[]
  }
}
