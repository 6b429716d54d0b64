import { withoutSecrets } from '../../secrets.ts'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { withoutKeys } from '../without-keys.ts'

/** What lines of the log hold of the objects that they are about. */
export const logSerializers = {
  req: loggedRequest,
  /** The form reader's, which have all headers in them. */
  busboyOptions: ({ headers: _, ...options }: { headers?: unknown }) => options,
}

/** Every line of the log, at every level, causes and all, without secrets. */
export const logStream = {
  write: (line: string) => void process.stdout.write(withoutSecrets(line)),
}

/** Of a request its address without secrets, and no header. */
function loggedRequest(request: FastifyRequest) {
  return {
    method: request.method,
    url: withoutKeys(request.url),
    host: request.host,
    remoteAddress: request.ip,
  }
}

/** A line for each answer, however little else is logged; see docs/operating.md for what is in it. */
export function accessLog(log: FastifyBaseLogger) {
  const lines = log.child({}, { level: 'info' })
  return (request: FastifyRequest, reply: FastifyReply) => {
    const { statusCode: status, elapsedTime } = reply
    lines.info(
      {
        reqId: request.id,
        req: request,
        status,
        ms: Math.round(elapsedTime * 100) / 100,
        ...(request.caller && { key: request.caller.keyId }),
      },
      'answered',
    )
  }
}
