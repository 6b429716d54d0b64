import { InvalidArgumentError } from 'commander'
import type { Filter } from '@lookalike/sdk'

/** Readers of option values; what they throw becomes a line of usage. */

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number above 0.')
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
  try {
    return JSON.parse(text) as Filter
  } catch {
    throw new InvalidArgumentError(
      `It must be JSON, such as '{"must":[{"key":"category","match":{"value":"fox"}}]}'.`,
    )
  }
}

/** For options that may be given several times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value]
}
