import ipaddr from 'ipaddr.js'

/** Where a browser on this machine reaches a server that listens on `host`. */
export function localUrl(host: string, port: number): string {
  // Addresses that mean "all of this machine's" are none to connect to.
  const reached = ipaddr.isValid(host) ? (everyAddress(host) ?? host) : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback'
}

function everyAddress(host: string): string | null {
  const address = ipaddr.parse(host)
  if (address.range() !== 'unspecified') return null
  return address.kind() === 'ipv6' ? '::1' : '127.0.0.1'
}
