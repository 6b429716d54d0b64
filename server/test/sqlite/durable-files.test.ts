import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as durable from '../../src/sqlite/durable-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await rm(folder, { recursive: true, force: true })
})

test('a file is moved to a folder that is made for it, over what was there', async () => {
  const target = join(folder, 'ab', 'cd', 'file')
  for (const content of ['first', 'second']) {
    await durable.writeDurably(join(folder, 'staged'), content)
    await durable.moveDurably(join(folder, 'staged'), target)
    expect(await readFile(target, 'utf8')).toBe(content)
  }
  expect(await readdir(folder)).toEqual(['ab'])
})

test('a folder is renamed with all that is in it', async () => {
  await mkdir(join(folder, 'next'))
  await writeFile(join(folder, 'next', 'file'), 'content')
  await durable.renameDurably(join(folder, 'next'), join(folder, 'current'))
  expect(await readdir(folder)).toEqual(['current'])
  expect(await readFile(join(folder, 'current', 'file'), 'utf8')).toBe('content')
})

test('what is not there cannot be moved, nor brought to disk', async () => {
  const missing = join(folder, 'missing')
  await expect(durable.moveDurably(missing, join(folder, 'a'))).rejects.toThrow('ENOENT')
  await expect(durable.renameDurably(missing, join(folder, 'a'))).rejects.toThrow('ENOENT')
  await expect(durable.flushFolder(missing)).rejects.toThrow('ENOENT')
  expect(() => durable.flushFileSync(missing)).toThrow('ENOENT')
})

test('where a folder cannot be synced, as on Windows, none is opened', async () => {
  vi.stubGlobal('process', { ...process, platform: 'win32' })
  vi.resetModules()
  const onWindows = await import('../../src/sqlite/durable-files.ts')
  await onWindows.flushFolder(join(folder, 'missing'))
  await onWindows.writeDurably(join(folder, 'staged'), 'content')
  await onWindows.moveDurably(join(folder, 'staged'), join(folder, 'ab', 'file'))
  expect(await readFile(join(folder, 'ab', 'file'), 'utf8')).toBe('content')
})
