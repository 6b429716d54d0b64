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
