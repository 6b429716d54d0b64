import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPresence } from '../../src/data-dir/presence.ts'
import openDiskFiles from '../../src/files/disk/index.ts'

let folder: string
let swept: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lookalike-'))
  swept = join(folder, 'uploads')
  mkdirSync(swept)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const leave = (name: string) => writeFileSync(join(swept, name), '')

/** A server in a process of its own; prints its prefix. */
async function another() {
  const module = join(import.meta.dirname, '../../src/data-dir/presence.ts')
  const code = `import { openPresence } from ${JSON.stringify(module)}
    console.log(openPresence(${JSON.stringify(folder)}).prefix); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code])
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const ended = once(child, 'exit')
  return {
    prefix: line.toString().trim(),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('what others have begun stays while they run, and goes when they were killed', async () => {
  const other = await another()
  const own = openPresence(folder)
  for (const prefix of [other.prefix, own.prefix, 'nobody-', '']) leave(`${prefix}file`)
  own.sweep(swept)
  expect(readdirSync(swept).toSorted()).toEqual(
    [`${other.prefix}file`, `${own.prefix}file`].toSorted(),
  )
  await other.kill()
  own.sweep(swept)
  expect(readdirSync(swept)).toEqual([`${own.prefix}file`])
  expect(readdirSync(join(folder, 'servers'))).toEqual([`${own.prefix.slice(0, -1)}.lock`])
  own.close()
  expect(readdirSync(join(folder, 'servers'))).toEqual([])
})

test('two in one process know each other', () => {
  const [one, two] = [openPresence(folder), openPresence(folder)]
  leave(`${one.prefix}file`)
  two.sweep(swept)
  expect(readdirSync(swept)).toEqual([`${one.prefix}file`])
  one.close()
  two.sweep(swept)
  expect(readdirSync(swept)).toEqual([])
  two.close()
})

test('files on disk: what another is staging stays', async () => {
  const [one, two] = [openPresence(folder), openPresence(folder)]
  const root = join(folder, 'files')
  openDiskFiles(root, { presence: one })
  const staging = join(root, 'staging')
  for (const name of [`${one.prefix}half`, 'half']) writeFileSync(join(staging, name), '')
  openDiskFiles(root, { presence: two })
  expect(readdirSync(staging)).toEqual([`${one.prefix}half`])
  one.close()
  two.close()
})
