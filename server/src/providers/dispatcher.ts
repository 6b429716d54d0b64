import { EnvHttpProxyAgent, type Dispatcher } from 'undici'
import { sharedLookup } from './lookup.ts'
import type { Proxies } from './proxies.ts'

/** A proxy is asked for what is elsewhere: a server on this machine is not. */
const thisMachine = ['localhost', '127.0.0.1', '[::1]']

/** Connections to a provider, through the proxies where there are any. */
export function openDispatcher({ http, https, except }: Proxies): Dispatcher {
  return new EnvHttpProxyAgent({
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: except?.trim() === '*' ? '*' : [except ?? '', ...thisMachine].join(','),
    // Forward proxies seldom tunnel to other ports than 443; https is tunnelled all the same.
    proxyTunnel: false,
    // Each call has a deadline of its own, which may be longer than the agent's.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { lookup: sharedLookup },
  })
}
