/**
 * A `fetch` that tells how much of its body has been sent, which the browsers' own does not: an XMLHttpRequest whose
 * answer can be read as it comes.
 *
 * @param onSent told the share of the body that has left, 0 to 1
 */
export function uploadingFetch(onSent: (share: number) => void): typeof globalThis.fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      let answer!: ReadableStreamDefaultController<Uint8Array>
      // Who reads has heard enough at the last event, before the connection is closed.
      let read = 0
      let wanted = true
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => (answer = controller),
        cancel: () => {
          wanted = false
          request.abort()
        },
      })
      const encoder = new TextEncoder()
      const pass = () => {
        if (!wanted) return
        answer.enqueue(encoder.encode(request.responseText.slice(read)))
        read = request.responseText.length
      }
      const fail = (error: Error) => {
        reject(error)
        if (wanted) answer.error(error)
      }
      request.open(init.method ?? 'GET', input instanceof Request ? input.url : input)
      new Headers(init.headers).forEach((value, name) => request.setRequestHeader(name, value))
      request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0)
      request.onreadystatechange = () => {
        if (request.readyState !== XMLHttpRequest.HEADERS_RECEIVED || request.status === 0) return
        onSent(1)
        resolve(
          new Response(body, {
            status: request.status,
            statusText: request.statusText,
            headers: headersOf(request),
          }),
        )
      }
      request.onprogress = pass
      request.onload = () => {
        pass()
        if (wanted) answer.close()
      }
      request.onerror = () => fail(new TypeError('The connection broke off'))
      request.onabort = () => fail(new DOMException('The request was aborted', 'AbortError'))
      init.signal?.addEventListener('abort', () => request.abort())
      request.send(init.body as XMLHttpRequestBodyInit)
    })
}

function headersOf(request: XMLHttpRequest): Headers {
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/)
  return new Headers(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as [string, string]
    }),
  )
}
