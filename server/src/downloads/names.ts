import { promises as dns, type LookupAddress } from 'node:dns'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Every address of a host name. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<LookupAddress[]>

/** For one question to a name server, of which there are two. */
const questionMs = 2000
const questions = 2
/** For the other family's addresses, once one family's are known. */
const graceMs = 300

const systemHostsFile =
  process.platform === 'win32'
    ? join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32/drivers/etc/hosts')
    : '/etc/hosts'
const loopback = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

interface NameOptions {
  /** Name servers, with ports; those of the system unless given. */
  readonly servers?: string[]
  readonly hostsFile?: string
}

/**
 * Asks the name servers of the system by sockets of our own. The system's own look-up holds a thread of
 * libuv's pool until it is answered, of which look-ups get two, and callers could name as many hosts as they
 * like that nobody answers for: every other look-up would wait for theirs. This one holds none and ends with
 * its signal. `localhost` and the
 * hosts file are honoured as they would be; search domains and multicast names are not.
 */
export function nameResolver({ servers, hostsFile = systemHostsFile }: NameOptions = {}): Resolve {
  return async (hostname, signal) => {
    const name = hostname.toLowerCase().replace(/\.$/, '')
    if (name === 'localhost' || name.endsWith('.localhost')) return loopback
    const listed = await listedIn(hostsFile, name)
    return listed.length > 0 ? listed : askServers(name, servers, signal)
  }
}

async function listedIn(hostsFile: string, name: string): Promise<LookupAddress[]> {
  const text = await readFile(hostsFile, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/)
    const family = isIP(address)
    return family !== 0 && names.includes(name) ? [{ address, family }] : []
  })
}

async function askServers(
  name: string,
  servers: string[] | undefined,
  signal: AbortSignal,
): Promise<LookupAddress[]> {
  signal.throwIfAborted()
  const resolver = new dns.Resolver({ timeout: questionMs, tries: questions })
  if (servers) resolver.setServers(servers)
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel)
  const found: LookupAddress[] = []
  const asked = [
    resolver
      .resolve4(name)
      .then((all) => found.push(...all.map((address) => ({ address, family: 4 })))),
    resolver
      .resolve6(name)
      .then((all) => found.push(...all.map((address) => ({ address, family: 6 })))),
  ]
  try {
    // Both fail where the name has no address; the first says why.
    await Promise.any(asked).catch(() => asked[0])
    await Promise.race([Promise.allSettled(asked), sleep(graceMs)])
    return found
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}
