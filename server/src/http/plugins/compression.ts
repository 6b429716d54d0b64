import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'

/** Less than this fits into the first packet as it is. */
const thresholdBytes = 1024

/**
 * Compresses answers in JSON for callers that accept it. Event streams and exports stay as they are: they
 * are read while they are written. Pictures are compressed in themselves.
 */
export async function compression(app: FastifyInstance): Promise<void> {
  // The plugin asks of every answer whether it is one of these; Node loads them when they are first asked for, which takes 30 ms.
  void globalThis.Response
  await app.register(compress, {
    globalDecompression: false,
    threshold: thresholdBytes,
    customTypes: /^application\/(json|ld\+json|problem\+json)/,
    encodings: ['br', 'gzip'],
    // The defaults are meant for files that are compressed once.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 4 },
  })
}
