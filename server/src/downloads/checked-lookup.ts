import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { AddressCheck } from './public-addresses.ts'

/** Every address of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>

export const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    )
  })

/** A connection that was refused before it was made. */
export class BlockedAddress extends Error {}

/**
 * A DNS lookup for sockets that fails with `BlockedAddress` unless every address of the name may be
 * connected to. Being the lookup of the connection itself, it leaves no time between check and use in
 * which a name could change its mind.
 */
export function checkedLookup(isAllowed: AddressCheck, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    const done = callback as (error: Error | null, address?: unknown, family?: number) => void
    resolve(hostname).then(
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
