import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli, spawnCli } from './support/cli.ts'
import { drawPictures, libraryOf, temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
let program: ReturnType<typeof spawnCli> | undefined
beforeEach(async () => {
  server = await startServer()
  folder = await temporaryFolder()
})
afterEach(async () => {
  program?.kill('SIGKILL')
  await server.stop()
  await folder.remove()
})

const patiently = { timeout: 20_000, interval: 50 }
const names = async () =>
  (await libraryOf(server.url)).map(({ image_uri }) => image_uri.split('/').at(-1))

test('--watch follows arrivals, changes, sidecars, moves and removals until Ctrl-C', async () => {
  await drawPictures(folder, 'in', 2)
  const watched = join(folder.path, 'in')
  program = spawnCli(server.url, ['import', watched, '--watch', '--prune', '--yes'])
  const { said } = program
  await vi.waitFor(() => expect(said.err).toContain('Watching'), patiently)
  expect(await names()).toEqual(['0.jpg', '1.jpg'])

  await folder.write('in/deep/new.jpg', await jpeg(7, 64, 48))
  await vi.waitFor(async () => expect(await names()).toContain('new.jpg'), patiently)

  await folder.write('in/0.jpg.json', '{"tame":true}')
  await vi.waitFor(async () => {
    const [first] = await libraryOf(server.url)
    expect(first!.metadata).toEqual({ tame: true })
  }, patiently)

  await rename(join(watched, 'deep/new.jpg'), join(watched, 'moved.jpg'))
  await rm(join(watched, '1.jpg'))
  await vi.waitFor(async () => expect(await names()).toEqual(['0.jpg', 'new.jpg']), patiently)
  await vi.waitFor(() => expect(said.out).toMatch(/moved {2}.*moved\.jpg/), patiently)

  program.kill('SIGINT')
  const { code } = await program.ended
  expect(code).toBe(0)
})

test('--watch --prune deletes without asking, and so wants to be told', async () => {
  const { code, err } = await cli(server.url, ['import', folder.path, '--watch', '--prune'])
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--yes') })
})
