import { existsSync } from 'node:fs'
import { appendFile, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import sharp from 'sharp'

const photos = join(import.meta.dirname, '../../../shared/photos')

/**
 * A folder of `count` pictures whose bytes all differ: the files of `from` again and again, a few bytes
 * longer each time, which decoders pass over. Where there are none, noise of the size of a photograph.
 *
 * @returns paths, in the order of their names
 */
export async function layOut(folder: string, count: number, from = photos): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const sources = existsSync(from)
    ? await filesIn(from)
    : await drawNoise(join(folder, '..', 'noise'))
  const paths: string[] = []
  for (let at = 0; at < count; at++) {
    const source = sources[at % sources.length]!
    const path = join(folder, `${String(at).padStart(6, '0')}${extname(source)}`)
    await copyFile(source, path)
    const round = Math.floor(at / sources.length)
    if (round > 0) await appendFile(path, `\n${round}`)
    paths.push(path)
  }
  return paths
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name))
  return files.map(({ parentPath, name }) => join(parentPath, name)).toSorted()
}

async function drawNoise(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (let at = 0; at < 40; at++) {
    const noise = { type: 'gaussian', mean: 60 + 3 * at, sigma: 40 } as const
    const image = sharp({
      create: { width: 400, height: 300, channels: 3, background: 'grey', noise },
    })
    const path = join(folder, `${at}.jpg`)
    await writeFile(path, await image.jpeg().toBuffer())
    paths.push(path)
  }
  return paths
}
