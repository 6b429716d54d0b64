import { spawn } from 'node:child_process'
import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  bringUpToDate,
  changeVectors,
  newestArchive,
  rowOf,
  sql,
  unpacked,
} from '../support/kept-library.ts'

const rounds = Number(process.env['DOCTOR_ROUNDS'] ?? 0)
const program = join(import.meta.dirname, '../../../lookalike/src/main.ts')

/** Ends it after a while with SIGKILL; null when that came too late. */
async function killed(folder: string, afterMs: number): Promise<boolean> {
  const args = [program, 'doctor', '--repair', '--data', folder]
  const child = spawn(process.execPath, args, { cwd: folder, env: { PORT: '0' }, stdio: 'ignore' })
  const ended = new Promise<boolean>((resolve) =>
    child.once('close', (code) => resolve(code === null)),
  )
  await Promise.race([setTimeout(afterMs), ended])
  child.kill('SIGKILL')
  return ended
}

async function originals(folder: string): Promise<string[]> {
  const found = await Promise.all(
    ['files/originals', 'quarantine/originals'].map((each) =>
      readdir(join(folder, each), { recursive: true, withFileTypes: true }).catch(() => []),
    ),
  )
  return found
    .flat()
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted()
}

test.skipIf(rounds === 0)(
  'a repair that is killed again and again ends whole, and loses no original',
  async () => {
    let kills = 0
    for (let round = 0; round < rounds; round++) {
      const { folder, remove } = await unpacked(newestArchive)
      await bringUpToDate(folder)
      const hashes = sql(folder, 'library.db', 'SELECT sha256 FROM images ORDER BY row').map(
        (row) => String(row['sha256']),
      )
      const at = (kind: string, sha256: string) =>
        join(folder, 'files', kind, sha256.slice(0, 2), sha256)
      await truncate(at('originals', hashes[0]!), 1000)
      await rm(at('thumbnails', hashes[1]!))
      sql(folder, 'library.db', 'DELETE FROM images WHERE sha256 = ?', hashes[2]!)
      changeVectors(folder, (vectors) => vectors.remove(rowOf(folder, hashes[3]!)))
      sql(folder, 'library.db', 'DELETE FROM facts')
      const before = await originals(folder)
      let step = 300 + Math.random() * 100
      while (await killed(folder, step)) {
        kills++
        step *= 1.1
      }
      expect(await killed(folder, 60_000)).toBe(false)
      expect(await originals(folder)).toEqual(before)
      const args = [program, 'doctor', '--data', folder]
      const last = spawn(process.execPath, args, {
        cwd: folder,
        env: { PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      last.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
      const code = await new Promise((resolve) => last.once('close', resolve))
      expect(code, output).toBe(0)
      await remove()
    }
    expect(kills).toBeGreaterThan(0)
  },
  600_000,
)
