import type { LookupFunction } from 'node:net'
import type { Resolve } from './names.ts'
import type { AddressCheck } from './public-addresses.ts'

/** A connection that was refused before it was made. */
export class BlockedAddress extends Error {}

/**
 * A DNS lookup for sockets that fails with `BlockedAddress` unless every address of the name may be
 * connected to. Being the lookup of the connection itself, it leaves no time between check and use in
 * which a name could change its mind.
 */
export function checkedLookup(
  isAllowed: AddressCheck,
  resolve: Resolve,
  signal: AbortSignal,
): LookupFunction {
  return (hostname, options, callback) => {
    const done = callback as (error: Error | null, address?: unknown, family?: number) => void
    resolve(hostname, signal).then(
      (addresses) => {
        const [first] = addresses
        if (!first || !addresses.every(({ address }) => isAllowed(address))) {
          done(new BlockedAddress(`${hostname} is not at a public address`))
        } else if (options.all) done(null, addresses)
        else done(null, first.address, first.family)
      },
      (error: Error) => done(error),
    )
  }
}
