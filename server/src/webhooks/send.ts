import { Agent, request } from 'undici'
import { BlockedAddress, checkedLookup } from '../downloads/checked-lookup.ts'
import { nameResolver, type Resolve } from '../downloads/names.ts'
import type { AddressCheck } from '../downloads/public-addresses.ts'
import { LookalikeError } from '../errors.ts'
import { type Message, signedHeaders } from './signature.ts'
import { checkTarget, notPublic } from './target.ts'

/** For name, connection and answer together: receivers are to answer first and work later. */
const timeoutMs = 15_000
const longestPause = 3_600_000

/** What became of an attempt. */
export type Outcome =
  | { readonly kind: 'taken' }
  /** `pauseMs`: how long the receiver asks to be left alone. */
  | { readonly kind: 'failed'; readonly why: string; readonly pauseMs: number }
  /** The receiver is gone for good, or may not be called. */
  | { readonly kind: 'refused'; readonly why: string }

export type Send = (
  target: { readonly url: string; readonly secret: string },
  message: Message,
  signal: AbortSignal,
) => Promise<Outcome>

/** Sends signed messages to public addresses; redirects are not followed, and of an answer only its status is read. */
export function sender(isAllowed: AddressCheck, resolve: Resolve = nameResolver()): Send {
  return async ({ url: text, secret }, message, caller) => {
    const signal = AbortSignal.any([caller, AbortSignal.timeout(timeoutMs)])
    // Each has connections of its own, so that none outlives its check.
    const dispatcher = new Agent({ connect: { lookup: checkedLookup(isAllowed, resolve, signal) } })
    try {
      const answer = await request(checkTarget(text, isAllowed), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Lookalike',
          ...signedHeaders(secret, message, Math.floor(Date.now() / 1000)),
        },
        body: message.body,
        dispatcher,
        signal,
      })
      answer.body.on('error', () => {}).destroy()
      return outcomeOf(answer.statusCode, answer.headers['retry-after'])
    } catch (error) {
      caller.throwIfAborted()
      return failure(error, signal.aborted)
    } finally {
      await dispatcher.destroy()
    }
  }
}

function outcomeOf(status: number, retryAfter: string | string[] | undefined): Outcome {
  if (status >= 200 && status < 300) return { kind: 'taken' }
  if (status === 410) {
    return { kind: 'refused', why: 'The receiver answers 410: it is gone, and wants no more.' }
  }
  const seconds = Number([retryAfter].flat()[0])
  const pauseMs = seconds > 0 ? Math.min(longestPause, seconds * 1000) : 0
  const redirects = status >= 300 && status < 400 ? ', and redirects are not followed' : ''
  return { kind: 'failed', why: `The receiver answers ${status}${redirects}.`, pauseMs }
}

function failure(error: unknown, isLate: boolean): Outcome {
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  if (causes.some((cause) => cause instanceof BlockedAddress)) {
    return { kind: 'refused', why: `It ${notPublic}` }
  }
  if (error instanceof LookalikeError) return { kind: 'refused', why: error.message }
  const why = isLate
    ? `The receiver did not answer within ${timeoutMs / 1000} s.`
    : 'The receiver cannot be reached.'
  return { kind: 'failed', why, pauseMs: 0 }
}
