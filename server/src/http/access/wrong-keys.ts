import { isIPv6 } from 'node:net'
import { LookalikeError } from '../../errors.ts'

/** Wrong keys that an address may present at once; then one more every few seconds. */
const burst = 20
const secondsEach = 3
/** Addresses that are remembered; the one that was wrong longest ago is forgotten first. */
const maxAddresses = 10_000

interface Failures {
  /** How many count at `since`; each that is `secondsEach` old counts no more. */
  count: number
  since: number
}

/** Counts wrong keys by the address that they came from, so that nobody can try many. */
export class WrongKeys {
  readonly #byAddress = new Map<string, Failures>()
  readonly #now: () => number

  /** @param now milliseconds that only grow */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get addresses(): number {
    return this.#byAddress.size
  }

  note(address: string): void {
    const key = networkOf(address)
    const count = Math.min(this.#count(key) + 1, burst)
    // Anew at the end: a Map keeps the order in which its keys came.
    this.#byAddress.delete(key)
    this.#byAddress.set(key, { count, since: this.#now() })
    if (this.#byAddress.size > maxAddresses) {
      this.#byAddress.delete(this.#byAddress.keys().next().value!)
    }
  }

  /** @throws LookalikeError `rate_limited` for an address that presented too many */
  assertFew(address: string): void {
    const left = this.#count(networkOf(address)) - (burst - 1)
    if (left <= 0) return
    const seconds = Math.max(1, Math.ceil(left * secondsEach))
    throw new LookalikeError(
      'rate_limited',
      `Too many wrong keys from this address: try again in ${seconds} s, with the right one.`,
      { retryAfter: seconds },
    )
  }

  #count(network: string): number {
    const found = this.#byAddress.get(network)
    if (!found) return 0
    return Math.max(0, found.count - (this.#now() - found.since) / 1000 / secondsEach)
  }
}

/** Of IPv6 the first half: whoever has one address of such a network has all of them. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail ? tail.split(':') : []
  while (tail !== undefined && groups.length + rest.length < 8) groups.push('0')
  return [...groups, ...rest].slice(0, 4).join(':')
}
