import { InvalidArgumentError } from 'commander'
import type { Filter, Region } from '@lookalike/sdk'

/** Readers of option values; what they throw becomes an error of usage. */

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number above 0.')
  }
  return value
}

export function above0(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('It must be a number above 0.')
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

/** A whole number, 0 or more. */
export function whole(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.')
  }
  return value
}

export function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number between 0 and 1.')
  }
  return value
}

export function region(text: string): Region {
  const numbers = text.split(',').map((each) => (each.trim() === '' ? Number.NaN : Number(each)))
  if (numbers.length !== 4 || !numbers.every((each) => each >= 0 && each <= 1)) {
    throw new InvalidArgumentError(
      'It must be x,y,width,height in fractions of the picture, such as 0.1,0.2,0.5,0.5.',
    )
  }
  return numbers as unknown as Region
}

/** A metadata key, with :desc behind it for the other direction. */
export function sortKey(text: string): { key: string; order: 'asc' | 'desc' } {
  const [, key, order] = /^(.+?)(?::(asc|desc))?$/s.exec(text) ?? []
  if (key === undefined) {
    throw new InvalidArgumentError('It must be a metadata key, such as taken or taken:desc.')
  }
  return { key, order: order === 'desc' ? 'desc' : 'asc' }
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
