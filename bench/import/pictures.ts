import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import sharp from 'sharp'

const shared = join(import.meta.dirname, '../../../shared')

/** Photographs beside the checkout, where there are any: few large ones, then many small ones. */
const usual = ['photos', 'pool']
  .map((name) => join(shared, name))
  .filter((path) => existsSync(path))

/**
 * A folder of `count` different pictures: the files of the folders `from`, then each of them mirrored,
 * then both in another quality, and so on, with about as many bytes as before. Where there are none,
 * noise of the size of a photograph.
 *
 * @returns paths, in the order of their names
 */
export async function layOut(folder: string, count: number, from = usual): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const sources = (await Promise.all(from.map(filesIn))).flat()
  if (sources.length === 0) sources.push(...(await drawNoise(join(folder, '..', 'noise'))))
  const paths: string[] = []
  for (let at = 0; at < count; at++) {
    const source = sources[at % sources.length]!
    const round = Math.floor(at / sources.length)
    const extension = round === 0 ? extname(source) : '.jpg'
    const path = join(folder, `${String(at).padStart(6, '0')}${extension}`)
    if (round === 0) await copyFile(source, path)
    else await writeVariant(source, path, round)
    paths.push(path)
  }
  return paths
}

async function writeVariant(source: string, path: string, round: number): Promise<void> {
  const image = sharp(source).autoOrient()
  if (round % 2 === 1) image.flop()
  await writeFile(path, await image.jpeg({ quality: 76 - (round % 30) }).toBuffer())
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
