import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** 256 random bits, as libraries for Standard Webhooks read them. */
export function newSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

export interface Message {
  readonly id: string
  /** JSON. */
  readonly body: string
}

/**
 * Headers by which a receiver knows that a message is ours, whole and new: HMAC-SHA256 of `id.timestamp.body`
 * (https://www.standardwebhooks.com, version 1.0.0).
 *
 * @param at of this attempt, seconds since 1970
 */
export function signedHeaders(secret: string, { id, body }: Message, at: number) {
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${signature}`,
  }
}
