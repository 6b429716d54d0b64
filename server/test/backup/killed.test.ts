import { spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startServer } from '../support/server.ts'

const rounds = Number(process.env['BACKUP_ROUNDS'] ?? 0)
const program = join(import.meta.dirname, '../../../lookalike/src/main.ts')
const pictures = 150

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs a command, and ends it after a while with SIGKILL. */
async function run(args: string[], { afterMs = 60_000, command = [] as string[] } = {}) {
  const [name = process.execPath, ...rest] = [...command, process.execPath, program, ...args]
  const child = spawn(name, rest, { cwd: folder, env: { PATH: process.env['PATH'], PORT: '0' } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const timer = globalThis.setTimeout(() => child.kill('SIGKILL'), afterMs)
  const code = await ended
  clearTimeout(timer)
  return { code, output }
}

async function fill(data: string): Promise<void> {
  const server = await startServer({ DATA_DIR: data })
  for (let seed = 0; seed < pictures; seed++) await server.index(await jpeg(seed))
  await server.stop()
}

test.skipIf(rounds === 0)(
  'backups and restores that are killed go on, and end whole',
  async () => {
    const data = join(folder, 'data')
    await fill(data)
    let kills = 0
    for (let round = 0; round < rounds; round++) {
      const backup = join(folder, `backup-${round}`)
      const target = join(folder, `target-${round}`)
      for (const args of [
        ['backup', backup, '--data', data],
        ['restore', backup, '--data', target],
      ]) {
        for (let afterMs = 300 + 200 * Math.random(); ; afterMs *= 1.15) {
          const { code, output } = await run(args, { afterMs })
          if (code === 0) break
          expect(code, output).toBeNull()
          kills++
        }
      }
      const verified = await run(['backup', backup, '--verify', '--data', data])
      expect(verified).toMatchObject({
        code: 0,
        output: expect.stringMatching(`${pictures} pictures, .* whole`),
      })
      const looked = await run(['doctor', '--data', target])
      expect(looked).toMatchObject({
        code: 0,
        output: expect.stringMatching(`${pictures} records`),
      })
      await rm(backup, { recursive: true })
      await rm(target, { recursive: true })
      await setTimeout(1)
    }
    expect(kills).toBeGreaterThan(rounds)
  },
  1_800_000,
)

/** Runs a command that finds a disk of 2 MB at `disk`, which nobody else sees. */
function onSmallDisk(disk: string): string[] {
  const script = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"'
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, disk]
}

test.skipIf(rounds === 0)(
  'a disk without room is refused before anything is written',
  async ({ skip }) => {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    const [name, ...args] = onSmallDisk(disk)
    if (spawnSync(name!, [...args, 'true']).status !== 0)
      return skip('this system lets no test mount a disk of its own')
    const data = join(folder, 'data')
    await fill(data)
    const { code, output } = await run(['backup', join(disk, 'backup'), '--data', data], {
      command: onSmallDisk(disk),
    })
    expect(code).toBe(2)
    expect(output).toMatch(
      /has 2 MB left, and this takes about \d+: free some space, or name a folder on another disk/,
    )
    const backup = join(folder, 'backup')
    expect((await run(['backup', backup, '--data', data])).code).toBe(0)
    const restored = await run(['restore', backup, '--data', join(disk, 'data')], {
      command: onSmallDisk(disk),
    })
    expect(restored.code).toBe(2)
    expect(restored.output).toMatch(/has 2 MB left, and the library takes \d+/)
    expect(await readdir(folder)).toContain('backup')
  },
  600_000,
)
