import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SearchResponse } from '@lookalike/sdk'
import { nodesAtHand } from '../../sdk/test/support/nodes.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { root } from '../root.ts'
import { bmp } from './support/bmp.ts'
import { installed, lookalike, pack, serve, type Installed } from './support/installed.ts'

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc') // prettier-ignore
const nodes = nodesAtHand()
const oldest = nodes.get(22) ?? process.execPath

// It asks a registry for what the packages depend on: `npm run test:pack`.
describe.skipIf(!process.env['TEST_PACK'])('what npm run pack makes, installed elsewhere', () => {
  let packed: string
  let there: Installed
  beforeAll(async () => {
    packed = pack()
    there = installed(oldest)
    mkdirSync(join(there.folder, 'in'))
    for (let at = 0; at < 4; at++) {
      writeFileSync(join(there.folder, `in/${at}.jpg`), await jpeg(at, 64, 48))
    }
  }, 300_000)
  afterAll(() => there?.remove())

  test('packing again makes the same bytes, whatever the rights of new files', () => {
    expect(packed).toMatch(/lookalike-\d+\.\d+\.\d+\.tgz: \d+\.\d\d MB/)
    expect(pack(0o077)).toBe(packed)
  }, 120_000)

  test('there are no tests, no sources in TypeScript and no names of them in it', () => {
    const files = globSync('**/*', { cwd: there.package, exclude: ['node_modules'] })
    expect(files.filter((file) => /\.tsx?$|\.test\.|(^|\/)tests?\/|\.oxlintrc/.test(file))).toEqual(
      [],
    )
    for (const file of files.filter((name) => /(?<!web.*)\.js$/.test(name))) {
      const text = readFileSync(join(there.package, file), 'utf8')
      expect(text, file).not.toContain(root)
      expect(text, file).not.toMatch(/['"`]@lookalike\/\w/)
      // Workers are found by name: no import would miss them.
      for (const [, name] of text.matchAll(/'([\w./-]*worker\.js)'/g)) {
        expect(existsSync(join(there.package, dirname(file), name!)), `${file}: ${name}`).toBe(true)
      }
    }
    for (const file of ['README.md', 'LICENSE', 'NOTICE']) expect(files).toContain(file)
  })

  const releases = [22, 24, 26].map((major) => [major, nodes.get(major)] as const)
  describe.each(releases)('on Node %i', (_major, node) => {
    test.skipIf(!node)(
      'a folder is imported, a picture searched for, the page served, and tools are there',
      async () => {
        const data = join(there.folder, `library of ${_major}`)
        const server = await serve(there, node!, 'serve', ['--data', data, '--max-upload-mb', '1'])
        const run = (args: string[]) => lookalike(there, node!, args, server.url)
        try {
          const imported = run(['import', 'in', '--json'])
          expect(imported).toMatchObject({ status: 0, stderr: '' })
          expect(JSON.parse(imported.stdout)).toMatchObject({ sent: 4, failed: 0 })
          const found = run(['--json', 'search', 'in/2.jpg', '--limit', '2'])
          const { results } = JSON.parse(found.stdout) as SearchResponse
          expect(results[0]!.image_uri).toMatch(/in\/2\.jpg$/)
          expect((await fetch(`${server.url}/api/images/${results[0]!.id}/file`)).status).toBe(200)

          expect(await (await fetch(`${server.url}/library`)).text()).toContain('<!doctype html>')
          expect(await (await fetch(`${server.url}/api/info`)).json()).toMatchObject({
            name: 'lookalike',
            limits: { max_upload_mb: 1 },
          })
          // Each of these is the work of a thread or a process with a file of its own.
          const form = new FormData()
          form.set('image_file', new Blob([bmp(40, 30)]), 'one.bmp')
          form.set('image_uri', 'https://example.org/one.bmp')
          const indexed = await fetch(`${server.url}/api/images/index`, { method: 'POST', body: form }) // prettier-ignore
          expect([indexed.status, await indexed.text()]).toEqual([201, expect.any(String)])
          const asked = await fetch(`${server.url}/api/kg/sparql`, {
            method: 'POST',
            headers: { 'content-type': 'application/sparql-query' },
            body: 'ASK { ?s ?p ?o }',
          })
          expect(await asked.json()).toMatchObject({ boolean: true })

          const client = new Client({ name: 'test', version: '1.0.0' })
          await client.connect(
            new StdioClientTransport({
              command: node!,
              args: [join(there.package, 'lookalike/src/main.js'), '--url', server.url, 'mcp'],
              cwd: there.folder,
            }),
          )
          const answer = await client.callTool({ name: 'search_by_image', arguments: { path: join(there.folder, 'in/1.jpg') } }) // prettier-ignore
          expect(JSON.stringify(answer.structuredContent)).toContain('in/1.jpg')
          await client.close()
          const backup = run(['backup', `backup of ${_major}`, '--data', data])
          expect(backup).toMatchObject({
            status: 0,
            stderr: '',
            stdout: expect.stringMatching(/: 5 pictures/),
          })
        } finally {
          expect(await server.stop()).toBe(0)
        }
        expect(server.said()).toMatch(/^Lookalike is ready at \S+\n$/)
        const restored = join(there.folder, `restored of ${_major}`)
        expect(run(['restore', `backup of ${_major}`, '--data', restored])).toMatchObject({
          status: 0,
        })
        for (const folder of [data, restored]) {
          const looked = run(['doctor', '--data', folder])
          expect(looked).toMatchObject({
            status: 0,
            stderr: '',
            stdout: expect.stringMatching(/5 records/),
          })
        }
        expect(run(['completion', 'bash']).stdout).toContain('--max-upload-mb')
      },
      120_000,
    )
  })

  test('the demo has its samples', async () => {
    const server = await serve(there, process.execPath, 'demo', ['--data', join(there.folder, 'demo')]) // prettier-ignore
    const answer = await fetch(`${server.url}/api/images?total=true`)
    const page = await answer.json()
    expect([await server.stop(), page]).toEqual([0, expect.objectContaining({ total: 72 })])
  }, 120_000)

  test.skipIf(process.platform === 'win32')('a service would run the installed program', () => {
    const args = ['service', 'install', '--as-root', '--print', '--port', '8123']
    const { status, stdout } = lookalike(there, process.execPath, args)
    expect({ status, stdout }).toMatchObject({ status: 0 })
    expect(stdout).toContain(join(there.package, 'lookalike/src/main.js'))
  })

  test.skipIf(!nodes.get(20))('an older Node is told what is needed', () => {
    expect(lookalike(there, nodes.get(20)!, ['serve'])).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^lookalike: Node 20\.\S+ cannot run this.*22\.19.*\n$/),
    })
  })

  test('serve --help has every setting, and command and manual page are linked', () => {
    const { status, stdout } = lookalike(there, process.execPath, ['serve', '--help'])
    expect(status).toBe(0)
    for (const flag of ['--data', '--port', '--openai-api-key']) expect(stdout).toContain(flag)
    const page = readFileSync(join(there.folder, 'share/man/man1/lookalike.1'), 'utf8')
    expect(page).toContain('max\\-upload\\-mb')
    expect(page).not.toContain(homedir())
  })

  test.each([
    ['nodenext', ['--module', 'nodenext']],
    ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])(
    'a program that uses the client is checked under %s',
    (_name, options) => {
      writeFileSync(
        join(there.folder, 'program.ts'),
        `import { createClient, type ImageRecord } from '@lookalike/sdk'
export const uri = ({ image_uri }: ImageRecord): string => image_uri
export const found = await createClient().searchSimilar(new Blob(), { limit: 5 })
// @ts-expect-error: what is no shape of the API is refused
export const wrong = found.nonsense
`,
      )
      const strict = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--target', 'es2024', '--types', ''] // prettier-ignore
      const args = [tsc, '--ignoreConfig', ...strict, ...options, 'program.ts']
      const checked = spawnSync(process.execPath, args, { cwd: there.folder, encoding: 'utf8' })
      expect(checked).toMatchObject({ status: 0, stdout: '', stderr: '' })
    },
    60_000,
  )
})
