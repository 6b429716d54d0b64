import { lookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'

const underWay = new Map<string, Promise<LookupAddress[]>>()

/**
 * The system's look-up of names, once at a time for each name: it holds one of the two threads that
 * look-ups get of libuv's pool, and a name that nobody answers for must not hold them both.
 */
export const sharedLookup: LookupFunction = (hostname, options, callback) => {
  addressesOf(hostname).then(
    (addresses) => {
      const family = typeof options.family === 'number' ? options.family : 0
      const fitting = addresses.filter((address) => family === 0 || address.family === family)
      const [first] = fitting
      if (!first) callback(notFound(hostname), '')
      else if (options.all) callback(null, fitting)
      else callback(null, first.address, first.family)
    },
    (error: NodeJS.ErrnoException) => callback(error, ''),
  )
}

function addressesOf(hostname: string): Promise<LookupAddress[]> {
  const known = underWay.get(hostname)
  if (known) return known
  const asked = new Promise<LookupAddress[]>((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    )
  }).finally(() => underWay.delete(hostname))
  underWay.set(hostname, asked)
  return asked
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address of that family`), {
    code: 'ENOTFOUND',
  })
}
