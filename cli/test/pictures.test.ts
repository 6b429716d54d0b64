import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { detectGraphics } from '../src/terminal/pictures.ts'
import { cli, spawnCli } from './support/cli.ts'
import { temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
let query: string
beforeAll(async () => {
  server = await startServer()
  folder = await temporaryFolder()
  query = await folder.write('query.jpg', await jpeg(0))
  await server.index(await jpeg(0, 800, 200), { image_uri: 'urn:wide' })
  await server.index(await jpeg(1, 300, 400), { image_uri: 'urn:high' })
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const kitty = { graphics: async () => 'kitty' as const, outColumns: 80 }
const iterm = { graphics: async () => 'iterm2' as const, outColumns: 80 }
// oxlint-disable-next-line no-control-regex -- the sequences of terminals are what is looked for
const escapes = /\x1b/

test('kitty gets each picture below its line, in chunks, as PNG', async () => {
  const { out } = await cli(server.url, ['search', query], kitty)
  // oxlint-disable-next-line no-control-regex -- as above
  const sequences = [...out.matchAll(/\x1b_G([^;]*);([^\x1b]*)\x1b\\/g)]
  const pictures: { control: string; data: string }[] = []
  for (const [, control, data] of sequences) {
    expect(data!.length).toBeLessThanOrEqual(4096)
    if (control!.startsWith('f=')) pictures.push({ control: control!, data: '' })
    pictures.at(-1)!.data += data
  }
  expect(sequences.length).toBeGreaterThan(pictures.length)
  expect(sequences.at(-1)![1]).toBe('q=2,m=0')
  expect(pictures.map(({ control }) => control)).toEqual([
    'f=100,a=T,q=2,c=24,m=1',
    'f=100,a=T,q=2,r=6,m=1',
  ])
  const sizes = await Promise.all(
    pictures.map(({ data }) => sharp(Buffer.from(data, 'base64')).metadata()),
  )
  expect(sizes).toMatchObject([
    { format: 'png', width: 384, height: 96 },
    { format: 'png', width: 288, height: 384 },
  ])
  // oxlint-disable-next-line no-control-regex -- as above
  expect(out.replaceAll(/(\x1b_G[^\x1b]*\x1b\\)+/g, '[picture]')).toMatch(
    /^#.*\n1 .*urn:wide.*\n\[picture\]\n2 .*urn:high.*\n\[picture\]\n$/,
  )
})

test('iTerm2 gets them in its own words', async () => {
  const { out } = await cli(server.url, ['search', query, '--limit', '1'], iterm)
  // oxlint-disable-next-line no-control-regex -- as above
  const [, bytes, data] = /\x1b\]1337;File=inline=1;size=(\d+);width=24;height=6;preserveAspectRatio=1:([^\x07]+)\x07\n$/.exec(out)! // prettier-ignore
  const png = Buffer.from(data!, 'base64')
  expect(png.length).toBe(Number(bytes))
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 384 })
})

test('there are none where nobody wants or could see them', async () => {
  for (const args of [
    ['search', query, '--no-pictures'],
    ['--json', 'search', query],
  ]) {
    expect((await cli(server.url, args, kitty)).out).not.toMatch(escapes)
  }
  const refused = await cli(server.url, ['search', query, '--pictures'])
  expect(refused).toMatchObject({ code: 2, out: '' })
  expect(refused.err).toContain('Pictures cannot be shown here')
  // A pipe, though the environment says that there is a kitty around it.
  const { out } = await spawnCli(server.url, ['search', query], { KITTY_WINDOW_ID: '1' }).ended
  expect(out).toContain('urn:wide')
  expect(out).not.toMatch(escapes)
})

test('a record without its picture is a line like any other', async () => {
  const [, record] = (await server.search(await jpeg(0))).body.results
  const { sha256 } = (await server.services.deps.store.get([record!.id]))[0]!.file!
  await server.services.deps.files.delete(sha256)
  const { code, out } = await cli(server.url, ['search', query], kitty)
  expect(code).toBe(0)
  expect(out).toMatch(/\n2 .*urn:high.*\n$/)
})

test('terminals are known by their environment, unless something stands in between', async () => {
  const detect = async (env: Record<string, string>, isTTY = true) => {
    for (const name of ['TERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'TMUX', 'STY', 'KITTY_WINDOW_ID', 'WEZTERM_PANE', 'KONSOLE_VERSION', 'LC_TERMINAL', 'KITTY_PID', 'GHOSTTY_RESOURCES_DIR', 'WEZTERM_UNIX_SOCKET']) vi.stubEnv(name, undefined) // prettier-ignore
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    return detectGraphics({ isTTY })
  }
  const inKitty = { TERM: 'xterm-kitty', KITTY_WINDOW_ID: '1' }
  expect(await detect(inKitty)).toBe('kitty')
  expect(await detect({ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0' })).toBe('iterm2')
  expect(await detect({ TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.99.0' })).toBe('iterm2')
  expect(await detect({ TERM: 'xterm-256color' })).toBeNull()
  expect(await detect({ ...inKitty, TMUX: '/tmp/tmux-1/default,1,0' })).toBeNull()
  expect(await detect({ ...inKitty, TERM: 'screen-256color' })).toBeNull()
  expect(await detect(inKitty, false)).toBeNull()
})
