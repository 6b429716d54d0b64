import { createHash, createHmac } from 'node:crypto'

export interface SignedRequest {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly target: string
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string | string[] | undefined }
}

interface Secret {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

const scheme =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/

/**
 * What S3 would find wrong with a request's signature, by the name of its error; null when it is good.
 * Source: "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon
 * S3 API reference.
 */
export function wrongWithSignature(request: SignedRequest, secret: Secret): string | null {
  const { headers } = request
  const [, keyId, date, region, names, signature] = scheme.exec(text(headers.authorization)) ?? []
  if (!signature || !names || !date) return 'AccessDenied'
  if (keyId !== secret.accessKeyId) return 'InvalidAccessKeyId'
  if (region !== secret.region) return 'AuthorizationHeaderMalformed'
  const signed = names.split(';')
  const mustSign = Object.keys(headers).filter(
    (name) => name === 'host' || name.startsWith('x-amz-'),
  )
  if (mustSign.some((name) => !signed.includes(name))) return 'AccessDenied'
  return signatureOf(request, signed, date, secret) === signature ? null : 'SignatureDoesNotMatch'
}

function signatureOf(
  { method, target, headers }: SignedRequest,
  signed: string[],
  date: string,
  { secretAccessKey, region }: Secret,
): string {
  const [path = '', query = ''] = target.split('?')
  const canonical = [
    method,
    path,
    query.split('&').toSorted().join('&'),
    ...signed.map((name) => `${name}:${text(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    signed.join(';'),
    text(headers['x-amz-content-sha256']),
  ].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', text(headers['x-amz-date']), scope, sha256(canonical)]
  const key = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  return createHmac('sha256', key).update(toSign.join('\n')).digest('hex')
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function text(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(',') : (header ?? '')
}
