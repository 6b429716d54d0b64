import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProcess } from '../../server/test/support/process.ts'
import { cli, spawnCli } from './support/cli.ts'
import { freePort } from './support/free-port.ts'
import {
  countFiles,
  expectWhole,
  libraryOf,
  temporaryFolder,
  type Folder,
} from './support/library.ts'

const photos = join(import.meta.dirname, '../../../shared/photos')
const rounds = 5
const wanted = process.env['IMPORT_PHOTOS'] !== undefined && existsSync(photos)

/** `npm run test:import`: minutes, not seconds; its short form is endurance.test.ts. */
describe.skipIf(!wanted)('all photographs (IMPORT_PHOTOS and ../shared/photos)', () => {
  let folder: Folder
  let server: Awaited<ReturnType<typeof startProcess>>
  let env: Record<string, string>
  beforeEach(async () => {
    folder = await temporaryFolder()
    env = { DATA_DIR: join(folder.path, 'data'), PORT: String(await freePort()) }
    server = await startProcess(env, folder.path)
  })
  afterEach(async () => {
    await server.kill('SIGKILL')
    await folder.remove()
  })

  async function expectAll() {
    const count = await countFiles(photos)
    await expectWhole(server.url!, env['DATA_DIR']!, count)
    const again = await cli(server.url!, ['--json', 'import', photos])
    expect(JSON.parse(again.out)).toMatchObject({ sent: 0, unchanged: count, failed: 0 })
    process.stderr.write(`again: ${again.out}`)
  }

  test('the import is killed at random moments and resumed', { timeout: 900_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      const program = spawnCli(server.url!, ['import', photos])
      await sleep(500 + Math.random() * 8000)
      program.kill('SIGKILL')
      await program.ended
      process.stderr.write(`killed with ${(await libraryOf(server.url!)).length} in the library\n`)
    }
    expect((await cli(server.url!, ['import', photos])).code).toBe(0)
    await expectAll()
  })

  test(
    'the server is killed at random moments under one import',
    { timeout: 900_000 },
    async () => {
      const imported = cli(server.url!, ['import', photos])
      for (let round = 0; round < rounds; round++) {
        await sleep(1000 + Math.random() * 8000)
        await server.kill('SIGKILL')
        server = await startProcess(env, folder.path)
        process.stderr.write(
          `restarted with ${(await libraryOf(server.url!)).length} in the library\n`,
        )
      }
      expect((await imported).code).toBe(0)
      await expectAll()
    },
  )
})
