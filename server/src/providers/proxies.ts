import { z } from 'zod'

/** The proxies that lead out of a network, as the environment names them. */
export interface Proxies {
  readonly http: string | undefined
  readonly https: string | undefined
  /** Hosts that are reached without one, separated by commas; `*` for all. */
  readonly except: string | undefined
}

export const proxySettings = {
  HTTPS_PROXY: z
    .string()
    .optional()
    .describe('Proxy to the model provider, for https addresses; lower case will do as well'),
  HTTP_PROXY: z
    .string()
    .optional()
    .describe('The same for http addresses, and for https ones where HTTPS_PROXY is empty'),
  NO_PROXY: z
    .string()
    .optional()
    .describe('Comma-separated hosts that are reached without a proxy; * for all'),
}

export type ProxySettings = z.output<z.ZodObject<typeof proxySettings>>

export function proxiesOf(settings: ProxySettings): Proxies {
  return {
    http: proxyUrl(settings.HTTP_PROXY),
    https: proxyUrl(settings.HTTPS_PROXY),
    except: settings.NO_PROXY,
  }
}

/** What is wrong with the proxies of an environment, which may be meant for other programs. */
export function proxyConflict(settings: ProxySettings): string | null {
  const wrong = (['HTTPS_PROXY', 'HTTP_PROXY'] as const).find((name) => {
    const url = settings[name] === undefined ? undefined : URL.parse(proxyUrl(settings[name])!)
    return url === null || (url && !/^https?:$/.test(url.protocol))
  })
  return wrong ? `${wrong}: must be an address such as http://proxy:3128` : null
}

/** The scheme is often left out. */
function proxyUrl(text: string | undefined): string | undefined {
  return text === undefined || text.includes('://') ? text : `http://${text}`
}
