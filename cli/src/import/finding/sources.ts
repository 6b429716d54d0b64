import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { usageError } from '../../failure.ts'
import { reasonOfFile } from './file-errors.ts'
import { kindOf } from './kinds.ts'
import { walkFolder } from './walk.ts'

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

/** What was met and is not sent; `kind` is its name in the singular. */
export interface LeftOut {
  readonly path: string
  readonly kind: string
}

/** Not sent, but read: what it says goes with its picture. */
export const sidecar = 'sidecar'
export const folderKind = 'folder'

export interface Sources {
  readonly sources: Source[]
  /** The folders that were named as such: what `--prune` and `--watch` look after. */
  readonly folders: string[]
  readonly leftOut: LeftOut[]
  /** What should have come in and could not even be looked at. */
  readonly unreadable: Unread[]
  /** Folders that hold none, which is an error unless one waits for them. */
  readonly withoutPictures: Unread[]
}

export interface Unread {
  readonly path: string
  readonly kind: string
  readonly reason: string
}

/**
 * Finds what the arguments name: folders (with all pictures below), files, globs and http addresses.
 * Sorted and free of repetitions, so that two runs go in the same order.
 *
 * @param listed whether the names come from a list, in which one that names nothing is one failure
 * @throws CommandError for an argument that names nothing
 */
export async function gather(names: string[], listed = false): Promise<Sources> {
  const found = new Map<string, Source>()
  const sources: Sources = {
    sources: [],
    folders: [],
    leftOut: [],
    unreadable: [],
    withoutPictures: [],
  }
  for (const name of names) {
    if (/^https?:\/\//i.test(name)) {
      found.set(name, { url: name })
      continue
    }
    for (const source of await filesOf(name, sources, listed)) {
      if (!found.has(source.path)) found.set(source.path, source)
    }
  }
  return { ...sources, sources: [...found.values()] }
}

async function filesOf(name: string, found: Sources, listed: boolean): Promise<FileSource[]> {
  const path = await onDisk(resolve(name))
  const entry = await stat(path).catch(() => null)
  if (entry?.isDirectory()) {
    found.folders.push(path)
    return picturesIn(path, found)
  }
  if (entry?.isFile()) return [{ path, root: rootOf(path) }]
  if (entry) {
    found.unreadable.push({
      path,
      kind: 'special file',
      reason: 'It is a pipe, a socket or a device, not a file.',
    })
    return []
  }
  const matched = isDynamicPattern(name) ? await glob(name, { absolute: true, dot: true }) : []
  if (matched.length > 0) {
    return matched.toSorted().map((match) => ({ path: resolve(match), root: rootOf(match) }))
  }
  if (listed) {
    const reason = await stat(path).then(() => '', reasonOfFile)
    found.unreadable.push({
      path,
      kind: pictureKindOf({ path, root: path }),
      reason: `The file cannot be read: ${reason}.`,
    })
    return []
  }
  throw usageError(
    `There is no '${name}'. Name a folder, files, a quoted glob, http addresses, or - for a list on ` +
      'standard input.',
  )
}

async function picturesIn(folder: string, found: Sources): Promise<FileSource[]> {
  const paths: string[] = []
  const before = found.unreadable.length
  const left = found.leftOut.length
  await walkFolder(folder, {
    onPicture: (path) => paths.push(path),
    onLeftOut: (path, kind) => found.leftOut.push({ path, kind }),
    onSidecar: (path) => found.leftOut.push({ path, kind: sidecar }),
    onFailure: (path, kind, reason) => found.unreadable.push({ path, kind, reason }),
  })
  if (paths.length === 0 && found.unreadable.length === before) {
    const others = found.leftOut.length - left
    const met = others > 0 ? `of the ${others} entries met there, all were left out` : 'it is empty'
    found.withoutPictures.push({
      path: folder,
      kind: folderKind,
      reason: `The folder has no pictures: ${met}.`,
    })
  }
  return paths.map((path) => ({ path, root: folder })).toSorted(byPath)
}

function byPath(one: FileSource, other: FileSource): number {
  return one.path < other.path ? -1 : 1
}

/**
 * The path as the disk spells it: a list may write in one character what the disk has in two, as macOS does.
 * A path that is there, or nowhere, stays as it is.
 */
export async function onDisk(path: string): Promise<string> {
  const isThere = await stat(path).then(() => true, () => false) // prettier-ignore
  const folder = dirname(path)
  if (isThere || path.normalize('NFC') === path.normalize('NFD') || folder === path) return path
  const parent = await onDisk(folder)
  const wanted = basename(path).normalize('NFC')
  const names = await readdir(parent).catch(() => [])
  const same = names.find((name) => name.normalize('NFC') === wanted)
  return same ? join(parent, same) : path
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

/** What a picture is called in reports: by its name, for the server alone knows what it is. */
export function pictureKindOf(source: Source): string {
  const kind = kindOf('url' in source ? new URL(source.url).pathname : source.path)
  return 'picture' in kind ? kind.picture : 'other picture'
}
