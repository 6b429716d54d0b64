import { connect } from 'node:net'

/** What came back of a request that no well-behaved client would send. */
export interface RawAnswer {
  /** 0 when nothing came. */
  readonly status: number
  readonly text: string
  /** Whether the server closed the connection; we do when it has not after `waitMs`. */
  readonly closed: boolean
}

/**
 * Sends bytes as they are.
 *
 * @param waitMs how long an answer is waited for; a request should ask for `Connection: close`
 */
export function sendRaw(
  url: string,
  request: string | Uint8Array,
  waitMs = 10_000,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    let closed = true
    const timer = setTimeout(() => {
      closed = false
      socket.destroy()
    }, waitMs)
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    // A reset after the answer is how a server hangs up on what it will not read.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text, closed })
    })
    socket.write(request)
  })
}

/** One request without a body, its target spelled as given. */
export function sendTarget(url: string, method: string, target: string): Promise<RawAnswer> {
  const { host } = new URL(url)
  return sendRaw(url, `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

/** The body of an answer, which is a problem document. */
export function problemOf({ text }: RawAnswer): { code: string; detail: string; status: number } {
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as ReturnType<typeof problemOf>
}
