import type { Dirent } from 'node:fs'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { reasonOfFile } from './file-errors.ts'
import { beginsLikePicture, isSystemFile, isSystemFolder, kindOf } from './kinds.ts'

/** What a walk came upon; each entry of a folder is told once. */
export interface Walk {
  onPicture(path: string): void
  /** @param kind what it is, in the singular, such as "video" */
  onLeftOut(path: string, kind: string): void
  /** A file that says something about a picture beside it. */
  onSidecar(path: string): void
  onFailure(path: string, kind: string, reason: string): void
}

interface Links {
  /** Real paths of all that was met, so that a link never leads to it a second time. */
  readonly met: Set<string>
  /** Looked at when everything that is not a link is known. */
  readonly waiting: string[]
}

const otherFile = 'other file'

/**
 * Goes through a folder and all below it, in order. A link is followed to what was not met otherwise: each real
 * file is told once, by its own path where it has one in the folder.
 */
export async function walkFolder(folder: string, walk: Walk): Promise<void> {
  const real = await realpath(folder).catch(() => folder)
  const links: Links = { met: new Set([real]), waiting: [] }
  await walkOne(folder, real, walk, links)
  for (let next = links.waiting.shift(); next; next = links.waiting.shift()) {
    await followLink(next, walk, links)
  }
}

async function walkOne(
  folder: string,
  realFolder: string,
  walk: Walk,
  links: Links,
): Promise<void> {
  let entries: Dirent<Buffer>[]
  try {
    entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    return walk.onFailure(
      folder,
      'folder',
      `The folder could not be opened: ${reasonOfFile(error)}.`,
    )
  }
  const named = entries
    .map((entry) => ({ entry, name: nameIn(entry.name) }))
    .toSorted((a, b) => Buffer.compare(a.entry.name, b.entry.name))
  const neighbours = neighboursAmong(named.flatMap(({ name }) => name ?? []))
  for (const { entry, name } of named) {
    if (name === null)
      walk.onFailure(join(folder, shown(entry.name)), 'unreadable name', 'Its name is not UTF-8. Rename it.') // prettier-ignore
    else
      await visit(join(folder, name), name, entry, { walk, links, folder, realFolder, neighbours })
  }
}

interface Visit {
  readonly walk: Walk
  readonly links: Links
  readonly folder: string
  /** The same without links, from which what is in it follows without asking the disk. */
  readonly realFolder: string
  readonly neighbours: Neighbours
}

/** The pictures in the same folder, by their names in lower case up to the extension, or the first dot. */
interface Neighbours {
  readonly withoutRaw: Set<string>
  readonly begun: Set<string>
}

const nobody: Neighbours = { withoutRaw: new Set(), begun: new Set() }

async function visit(
  path: string,
  name: string,
  entry: Dirent<Buffer>,
  { walk, links, folder, realFolder, neighbours }: Visit,
): Promise<void> {
  if (entry.isDirectory()) {
    if (isSystemFolder(name, folder)) return walk.onLeftOut(path, 'system folder')
    if (name.startsWith('.')) return walk.onLeftOut(path, 'hidden folder')
    const real = join(realFolder, name)
    links.met.add(real)
    return walkOne(path, real, walk, links)
  }
  if (isSystemFile(name)) return walk.onLeftOut(path, 'system file')
  if (name.startsWith('.')) return walk.onLeftOut(path, 'hidden file')
  if (entry.isSymbolicLink()) return void links.waiting.push(path)
  if (!entry.isFile()) return walk.onLeftOut(path, 'special file')
  links.met.add(join(realFolder, name))
  await visitFile(path, name, walk, neighbours)
}

async function visitFile(
  path: string,
  name: string,
  walk: Walk,
  neighbours: Neighbours,
): Promise<void> {
  const kind = kindOf(name)
  if ('picture' in kind) {
    const hasPartner = kind.isRaw && neighbours.withoutRaw.has(parse(name).name.toLowerCase())
    return hasPartner ? walk.onLeftOut(path, 'doubled RAW') : walk.onPicture(path)
  }
  if (/\.(json|xmp)$/i.test(name) && neighbours.begun.has(beginningOf(name))) return walk.onSidecar(path) // prettier-ignore
  if (kind.other) return walk.onLeftOut(path, kind.other)
  const isNamedBadly = beginsLikePicture(await readHead(path).catch(() => Buffer.alloc(0)))
  return isNamedBadly ? walk.onPicture(path) : walk.onLeftOut(path, otherFile)
}

async function followLink(path: string, walk: Walk, links: Links): Promise<void> {
  const name = parse(path).base
  try {
    const real = await realpath(path)
    const target = await stat(real)
    if (links.met.has(real)) return walk.onLeftOut(path, 'repeated link')
    links.met.add(real)
    if (target.isDirectory()) return await walkOne(path, real, walk, links)
    if (!target.isFile()) return walk.onLeftOut(path, 'special file')
    return await visitFile(path, name, walk, nobody)
  } catch (error) {
    const isPicture = 'picture' in kindOf(name)
    if (!isPicture) return walk.onLeftOut(path, 'dead link')
    walk.onFailure(path, 'dead link', `The link leads nowhere: ${reasonOfFile(error)}.`)
  }
}

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
  return buffer.subarray(0, bytesRead)
}

function neighboursAmong(names: string[]): Neighbours {
  const pictures = names.filter((name) => 'picture' in kindOf(name))
  const developed = pictures.filter((name) => {
    const kind = kindOf(name)
    return 'picture' in kind && (kind.picture === 'JPEG' || kind.picture === 'HEIC')
  })
  return {
    withoutRaw: new Set(developed.map((name) => parse(name).name.toLowerCase())),
    begun: new Set(pictures.map(beginningOf)),
  }
}

function beginningOf(name: string): string {
  return name.toLowerCase().split('.', 1)[0]!
}

/** A name as text; null for bytes that are none. */
function nameIn(bytes: Buffer): string | null {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : null
}

/** Bytes that are no text, in a form that can be printed. */
function shown(bytes: Buffer): string {
  return [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('') // prettier-ignore
}
