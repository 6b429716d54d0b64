import { Agent, request } from 'node:http'
import sharp from 'sharp'

export interface Ended {
  /** 0 where the connection broke off. */
  readonly status: number
  readonly ms: number
}

const boundary = 'boundary'
const head = `--${boundary}\r\nContent-Disposition: form-data; name="image_file"; filename="a.jpg"\r\n\r\n`
const tail = `\r\n--${boundary}--\r\n`

/** 26 megapixels in a file of 19 MB. */
async function largePhotograph(): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  const create = { width: 1700, height: 1300, channels: 3 as const, background: '#888', noise }
  const resized = sharp({ create }).resize(5900, 4500, { kernel: 'nearest' })
  const picture = await resized.jpeg({ quality: 80 }).toBuffer()
  return Buffer.concat([picture, Buffer.alloc(Math.max(0, 19e6 - picture.length))]).subarray(
    0,
    19.9e6,
  )
}

/** One upload, told apart from the others by its last bytes. */
function upload(url: string, picture: Buffer, number: number): Promise<Ended> {
  const end = Buffer.from(`distinct ${String(number).padStart(6, '0')}${tail}`)
  const began = performance.now()
  return new Promise((resolve) => {
    const sent = request(`${url}/api/images/search-similar`, {
      method: 'POST',
      agent: new Agent(),
      headers: {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': head.length + picture.length + end.length,
      },
    })
    const finish = (status: number) => resolve({ status, ms: performance.now() - began })
    sent.on('response', (response) => {
      finish(response.statusCode!)
      response.resume()
      response.on('error', () => {})
    })
    sent.on('error', () => finish(0))
    sent.write(head)
    sent.write(picture)
    sent.end(end)
  })
}

const [url, count] = process.argv.slice(2)
const picture = await largePhotograph()
const all = Array.from({ length: Number(count) }, (_, number) => upload(url!, picture, number))
process.send!(await Promise.all(all))
