import ipaddr from 'ipaddr.js'

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]
export type AddressCheck = (address: string) => boolean

/** IPv6 that is given out for the public internet: everything else is local, mapped or not assigned. */
const globalUnicast: Range = ipaddr.parseCIDR('2000::/3')

/**
 * Whether an IP address belongs to the public internet. Private, loopback, link-local, shared (CGNAT),
 * multicast, documentation and unassigned ranges do not, nor do the IPv6 forms that carry an IPv4
 * address (mapped, NAT64, 6to4, Teredo), which would lead to such an address by another spelling.
 *
 * Source: the IANA special-purpose address registries, as `ipaddr.js` has them.
 */
function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast)
}

/**
 * Public addresses, and those in `privateRanges` besides.
 *
 * @param privateRanges CIDR notation, e.g. `10.0.0.0/8`
 */
export function addressCheck(privateRanges: string[]): AddressCheck {
  const ranges = privateRanges.map((range): Range => ipaddr.parseCIDR(range))
  return (address) => {
    if (isPublicAddress(address)) return true
    if (!ipaddr.isValid(address)) return false
    const parsed = ipaddr.parse(address)
    return ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range))
  }
}

export function isRange(text: string): boolean {
  return ipaddr.isValidCIDR(text)
}
