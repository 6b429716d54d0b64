import { InvalidArgumentError } from 'commander'
import type { Filter } from '@lookalike/sdk'

/** Readers of option values; what they throw becomes an error of usage. */

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number above 0.')
  }
  return value
}

const maxConcurrency = 1000

export function concurrency(text: string): number {
  const value = positive(text)
  if (value > maxConcurrency) {
    throw new InvalidArgumentError(`It must be at most ${maxConcurrency}.`)
  }
  return value
}

export function threshold(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(Math.abs(value) <= 1)) {
    throw new InvalidArgumentError('It must be a number between -1 and 1.')
  }
  return value
}

/** The end of a day, UTC, or so many days from now, as ISO 8601. */
export function expiry(text: string): string {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T23:59:59Z`) : null
  const end = days === undefined ? day : new Date(Date.now() + Number(days) * 86_400_000)
  if (!end || Number.isNaN(end.getTime()) || (day && !day.toISOString().startsWith(text))) {
    throw new InvalidArgumentError('It must be a date such as 2027-01-31, or days such as 90d.')
  }
  if (end.getTime() <= Date.now()) throw new InvalidArgumentError('It must be in the future.')
  return end.toISOString()
}

export function filter(text: string): Filter {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError(
      `It must be JSON, such as '{"must":[{"key":"category","match":{"value":"fox"}}]}'.`,
    )
  }
  return value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** For options that may be given several times. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value]
}
