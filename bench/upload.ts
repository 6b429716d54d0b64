import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

const agent = new Agent({ keepAlive: true })
export const uploadBoundary = 'lookalike-bench'

/**
 * A form with a picture in it, put together beforehand: what `fetch` spends on making one, in time and in
 * the processor's caches, is the caller's, and several times what a server spends on reading it.
 */
export function uploadForm(picture: Buffer): Buffer {
  const head =
    `--${uploadBoundary}\r\nContent-Disposition: form-data; name="image_file"; filename="photo.jpg"\r\n` +
    'Content-Type: image/jpeg\r\n\r\n'
  return Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${uploadBoundary}--\r\n`)])
}

/** Posts a form over a connection that is kept open; resolves with the answer's text. */
export function post(url: string, form: Buffer): Promise<string> {
  const headers = {
    'content-type': `multipart/form-data; boundary=${uploadBoundary}`,
    'content-length': form.length,
  }
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (response) => {
      text(response).then(resolve, reject)
    })
      .once('error', reject)
      .end(form)
  })
}

export function hangUp(): void {
  agent.destroy()
}
