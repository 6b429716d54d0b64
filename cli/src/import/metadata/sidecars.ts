import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import { readTags } from '@lookalike/embedded-metadata'
import type { Metadata } from '@lookalike/sdk'
import { readText } from '../../text-files.ts'
import { mergeDetails, parseObject, readDetails, type Details } from './details.ts'
import { isTakeout, readTakeout, takeoutOf } from './takeout.ts'

/** How long the names in a folder are remembered: thousands of pictures in it ask for them. */
const keptMs = 2000

/** Reads what lies beside a picture: our own sidecar, XMP, and what Google Takeout writes. */
export type SidecarReader = (path: string) => Promise<Details>

/** @throws Error from the reader, when a sidecar is there that cannot be read */
export function createSidecarReader(): SidecarReader {
  let last = { folder: '', until: 0, names: Promise.resolve<string[]>([]) }
  const namesIn = (folder: string): Promise<string[]> => {
    if (last.folder !== folder || Date.now() > last.until) {
      const names = readdir(folder).then((all) => all.filter((name) => /\.(json|xmp)$/i.test(name)), () => []) // prettier-ignore
      last = { folder, until: Date.now() + keptMs, names }
    }
    return last.names
  }
  return async (path) => {
    const folder = dirname(path)
    const names = await namesIn(folder)
    const name = basename(path)
    const xmp = [`${name}.xmp`, `${parse(name).name}.xmp`].map((one) => names.find((other) => other.toLowerCase() === one.toLowerCase())) // prettier-ignore
    const json = names.includes(`${name}.json`) ? `${name}.json` : takeoutOf(name, names)
    const [beside] = xmp.filter((one) => one !== undefined)
    return mergeDetails([
      beside ? { metadata: await readXmp(join(folder, beside)) } : {},
      json ? await readJson(join(folder, json)) : {},
    ])
  }
}

async function readXmp(path: string): Promise<Metadata> {
  return readTags(await readFile(path))
}

async function readJson(path: string): Promise<Details> {
  let content: string
  try {
    content = await readText(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    const reason = (error as Error).message
    throw new Error(`The sidecar ${path}: ${reason}`, { cause: error })
  }
  const entry = parseObject(content, `The sidecar ${path}`)
  return isTakeout(entry) ? { metadata: readTakeout(entry) } : readDetails(entry)
}
