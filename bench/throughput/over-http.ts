import { Agent, request } from 'node:http'
import { askedBy, type Asked } from './callers.ts'
import { searches, type Search } from './searches.ts'

/** What the callers are told, in a process of their own. */
export interface CallersTask {
  readonly url: string
  readonly search: string
  readonly size: number
  readonly callers: number
  readonly seconds: number
}

/** What they say: that they have warmed up, and then what came of it. */
export type CallersNews = 'begun' | (Asked & { readonly cpuSeconds: number })

process.once('message', async ({ url, search, size, callers, seconds }: CallersTask) => {
  const agent = new Agent({ keepAlive: true, maxSockets: callers })
  const { hostname, port } = new URL(url)
  const searchOf = searches[search]!(size)
  const ask = (search: Search) =>
    new Promise<boolean>((resolve, reject) => {
      const { path, options, body } = search
      const asked = request({ agent, hostname, port, path, ...options }, (response) => {
        const { statusCode } = response
        response.resume().once('end', () => {
          if (statusCode === 200 || statusCode === 503) resolve(statusCode === 200)
          else reject(new Error(`${path} was answered with ${statusCode}`))
        })
      })
      asked.once('error', (error: NodeJS.ErrnoException) => {
        // The server had closed the connection that lay idle, as it may.
        if (asked.reusedSocket && error.code === 'ECONNRESET') ask(search).then(resolve, reject)
        else reject(error)
      })
      asked.end(body)
    })
  let before = process.cpuUsage()
  const asked = await askedBy(
    callers,
    seconds,
    (number) => ask(searchOf(number)),
    () => {
      before = process.cpuUsage()
      process.send!('begun' satisfies CallersNews)
    },
  )
  const { user, system } = process.cpuUsage(before)
  process.send!({ ...asked, cpuSeconds: (user + system) / 1e6 } satisfies CallersNews)
  agent.destroy()
  process.disconnect!()
})
