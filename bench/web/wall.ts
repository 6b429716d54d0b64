import { readdir, readFile } from 'node:fs/promises'
import { createServer, request, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { decodeImage } from '../../server/src/images/decode.ts'
import { thumbHash } from '../../server/src/images/thumb-hash.ts'

const folder = join(import.meta.dirname, '../../samples/pictures')

/** What a wall shows of one of the sample pictures. */
export interface Shown {
  width: number
  height: number
  thumbhash: string
  /** WebP, longest edge 384. */
  thumbnail: Buffer
}

/** The sample pictures; every record of the benchmark shows one of them. */
export async function shownPictures(): Promise<Shown[]> {
  const names = (await readdir(folder)).filter((name) => /\.(webp|png|jpg)$/.test(name))
  const shown: Shown[] = []
  for (const name of names.toSorted()) {
    const image = await decodeImage(await readFile(join(folder, name)), 100)
    const thumbnail = await sharp(join(folder, name))
      .resize(384, 384, { fit: 'inside' })
      .webp({ quality: 80 })
      .toBuffer()
    const { width, height } = image
    shown.push({ width, height, thumbhash: await thumbHash(image), thumbnail })
  }
  return shown
}

/**
 * The server under another address, with thumbnails for records that have no files: a browser decodes and draws
 * as many pictures as it would, and the disk does not hold 100,000 of them.
 */
export async function withThumbnails(server: string, shown: readonly Shown[]) {
  const { hostname, port } = new URL(server)
  const pass: RequestListener = (incoming, outgoing) => {
    const [, id] = /^\/api\/images\/([0-9a-f-]{36})\/thumbnail/.exec(incoming.url ?? '') ?? []
    if (id) {
      const { thumbnail } = shown[pictureOf(id, shown)]!
      outgoing.writeHead(200, { 'content-type': 'image/webp', 'cache-control': 'max-age=3600' })
      return void outgoing.end(thumbnail)
    }
    const { method, url, headers } = incoming
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    passed.once('error', () => outgoing.destroy())
    incoming.pipe(passed)
  }
  const proxy = createServer(pass)
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stop() {
      proxy.closeAllConnections()
      return new Promise((resolve) => proxy.close(resolve))
    },
  }
}

/** Which of the pictures a record shows. */
export function pictureOf(id: string, shown: readonly Shown[]): number {
  return Number.parseInt(id.slice(0, 8), 16) % shown.length
}
