import { stat } from 'node:fs/promises'
import { dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { usageError } from '../failure.ts'

/** A file on this machine. `root` is the folder that its URI and its folder names start from. */
export interface FileSource {
  readonly path: string
  readonly root: string
}

/** A picture that the server fetches by itself. */
export interface UrlSource {
  readonly url: string
}

export type Source = FileSource | UrlSource

export interface Sources {
  readonly sources: Source[]
  /** The folders that were named as such: what `--prune` and `--watch` look after. */
  readonly folders: string[]
}

const extensions = ['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'gif', 'avif', 'tif', 'tiff']

/** Whether a file in a folder is worth sending; one named by itself is sent whatever its name. */
export function isPicture(path: string): boolean {
  return extensions.includes(extname(path).slice(1).toLowerCase())
}

/**
 * Finds what the arguments name: folders (with all pictures below), files, globs and http addresses.
 * Sorted and free of repetitions, so that two runs go in the same order.
 *
 * @throws CommandError for an argument that names nothing
 */
export async function gather(names: string[]): Promise<Sources> {
  const found = new Map<string, Source>()
  const folders: string[] = []
  for (const name of names) {
    if (/^https?:\/\//i.test(name)) {
      found.set(name, { url: name })
      continue
    }
    for (const source of await filesOf(name, folders)) {
      if (!found.has(source.path)) found.set(source.path, source)
    }
  }
  return { sources: [...found.values()], folders }
}

async function filesOf(name: string, folders: string[]): Promise<FileSource[]> {
  const path = resolve(name)
  const entry = await stat(path).catch(() => null)
  if (entry?.isDirectory()) {
    folders.push(path)
    return picturesIn(path)
  }
  if (entry) return [{ path, root: rootOf(path) }]
  const matched = isDynamicPattern(name) ? await glob(name, { absolute: true }) : []
  if (matched.length > 0) {
    return matched.toSorted().map((match) => ({ path: resolve(match), root: rootOf(match) }))
  }
  throw usageError(
    `There is no '${name}'. Name a folder, files, a quoted glob, http addresses, or - for a list on ` +
      'standard input.',
  )
}

async function picturesIn(folder: string): Promise<FileSource[]> {
  const options = { cwd: folder, absolute: true, caseSensitiveMatch: false }
  const paths = await glob(`**/*.{${extensions.join(',')}}`, options)
  return paths.map((path) => ({ path: resolve(path), root: folder })).toSorted(byPath)
}

function byPath(one: FileSource, other: FileSource): number {
  return one.path < other.path ? -1 : 1
}

/** Files named one by one start from the working folder, or from their own when they lie outside. */
function rootOf(path: string): string {
  return isInside(process.cwd(), resolve(path)) ? process.cwd() : dirname(resolve(path))
}

export function isInside(folder: string, path: string): boolean {
  const from = relative(folder, path)
  return from !== '' && from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from)
}

/** How a picture is called in reports. */
export function nameOf(source: Source): string {
  return 'url' in source ? source.url : source.path
}
