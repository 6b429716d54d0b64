import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { LookalikeError } from '../../../errors.ts'
import { ConfigError } from '../../../setting-types.ts'
import { type ModelSource, type Repository, sourceOf } from '../known-models.ts'
import { sizeOf } from './download.ts'
import { type Family, familyOf, neededFiles } from './families.ts'
import { Fetching, type Where } from './fetching.ts'
import { type ModelRecord, readRecord, sha256Of, writeRecord } from './record.ts'

/** A model whose files are here. */
export interface LocalModel {
  /** owner/name, or the name of its folder. */
  readonly name: string
  readonly folder: string
  readonly revision: string
  readonly family: Family
  /** What it is made of, by path. */
  readonly files: readonly string[]
  readonly record: ModelRecord
}

/**
 * Sees to it that a model's files are here: those that are missing are fetched, once.
 *
 * @throws ConfigError for a name that is none
 * @throws LookalikeError saying which file is missing, or why it did not arrive
 */
export async function provideModel(name: string, where: Where): Promise<LocalModel> {
  const source = named(name)
  return 'folder' in source
    ? providedBy(resolve(source.folder), basename(source.folder), undefined, where)
    : providedBy(folderOf(source, where.dataDir), source.repository, source, where)
}

function named(name: string): ModelSource {
  try {
    return sourceOf(name)
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}

/** A revision that is asked for has a folder of its own, unless it is what lies in the model's. */
function folderOf({ repository, revision }: Repository, dataDir: string): string {
  const folder = join(dataDir, 'models', repository)
  return revision === undefined || revisionIn(folder).startsWith(revision)
    ? folder
    : `${folder}@${revision}`
}

function revisionIn(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'lookalike.json'), 'utf8')) as ModelRecord)
      .revision
  } catch {
    return ''
  }
}

async function providedBy(
  folder: string,
  name: string,
  source: Repository | undefined,
  where: Where,
): Promise<LocalModel> {
  const fetching = source && new Fetching(folder, source, where)
  const before = await readRecord(folder)
  if (!(await isThere(folder, 'config.json'))) await need(fetching, ['config.json'], name, folder)
  const family = familyOf(await modelTypeIn(folder), name)
  const needed = neededFiles(family, where.precision)
  const missing = await missingOf(folder, needed)
  if (missing.length > 0) await need(fetching, missing, name, folder)
  const files = ['config.json', ...needed, ...dataFiles(folder, needed)]
  const record = await completed(folder, files, fetching?.record ?? before)
  return { name, folder, revision: record.revision, family, files, record }
}

/** @throws LookalikeError naming what is missing, where nothing may be fetched */
async function need(
  fetching: Fetching | undefined,
  files: string[],
  name: string,
  folder: string,
): Promise<void> {
  if (fetching?.isAllowed) return fetching.fetch(files)
  throw new LookalikeError(
    'provider_rejected',
    `The local model ${name} lacks ${files.join(', ')} in ${basename(dirname(folder))}/${basename(folder)}, and ` +
      (fetching
        ? 'LOCAL_OFFLINE=true keeps them from being fetched. Copy them there, or take the setting away.'
        : 'a folder is used as it is. Copy them there, choose another LOCAL_PRECISION, or name a repository.'),
  )
}

/** The record with every file in it: those without one are what they are from now on. */
async function completed(
  folder: string,
  files: readonly string[],
  before: ModelRecord | undefined,
): Promise<ModelRecord> {
  const sha256 = { ...before?.sha256 }
  const unknown = files.filter((file) => sha256[file] === undefined)
  if (before && unknown.length === 0) return before
  for (const file of unknown) sha256[file] = await sha256Of(join(folder, file))
  const all = createHash('sha256')
    .update(files.map((file) => sha256[file]).join())
    .digest('hex')
  const record = { revision: before?.revision ?? `copied-${all.slice(0, 12)}`, sha256 }
  // A folder may be one that is only read: then its files are hashed at each start.
  await writeRecord(folder, record).catch(() => {})
  return record
}

async function modelTypeIn(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, 'config.json'), 'utf8')
  try {
    return (JSON.parse(text) as { model_type?: unknown }).model_type
  } catch {
    return 'unreadable'
  }
}

/** Further files of networks that are too large for one. */
function dataFiles(folder: string, needed: readonly string[]): string[] {
  const networks = needed.filter((path) => path.endsWith('.onnx'))
  if (networks.length === 0) return []
  return readdirSync(join(folder, 'onnx'))
    .filter((name) => !name.endsWith('.part'))
    .map((name) => `onnx/${name}`)
    .filter((path) => networks.some((network) => path.startsWith(`${network}_data`)))
    .toSorted()
}

async function missingOf(folder: string, files: readonly string[]): Promise<string[]> {
  const there = await Promise.all(files.map((file) => isThere(folder, file)))
  return files.filter((_, at) => !there[at])
}

async function isThere(folder: string, file: string): Promise<boolean> {
  return (await sizeOf(join(folder, file))) > 0
}
