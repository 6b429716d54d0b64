import { spawn, spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { temporaryFolder, type Folder } from '../../cli/test/support/library.ts'
import { nodesAtHand, supportedMajors } from './support/nodes.ts'
import { installPacked } from './support/packages.ts'

const sdk = join(import.meta.dirname, '..')
const tsc = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
)

let server: TestServer
let elsewhere: Folder
let picture: Buffer
beforeAll(async () => {
  const built = spawnSync(process.execPath, [join(sdk, 'build.ts')], { encoding: 'utf8' })
  expect(built).toMatchObject({ status: 0 })
  elsewhere = await temporaryFolder()
  installPacked(elsewhere.path, [join(sdk, 'dist')])
  server = await startServer()
  picture = await jpeg(1)
  await server.index(picture, { image_uri: 'https://example.org/1.jpg' })
})
afterAll(async () => {
  await server.stop()
  await elsewhere.remove()
})

/** Runs a program where the packages are installed. */
async function runThere(program: string, args: string[]) {
  const env = { PATH: process.env['PATH'], LOOKALIKE_URL: server.url }
  const child = spawn(program, args, { cwd: elsewhere.path, env })
  child.stdin.end()
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}

const nodes = nodesAtHand()
for (const major of supportedMajors) {
  const node = nodes.get(major)
  const reason = node ? '' : ': not at hand; `npm run test:pack` fetches it'
  describe.skipIf(!node)(`installed from tarballs, on Node ${major}${reason}`, () => {
    test('the client searches and tells errors apart', async () => {
      await elsewhere.write(
        'client.mjs',
        `import { createClient, LookalikeApiError } from '@lookalike/sdk'
import { readFile } from 'node:fs/promises'
const client = createClient({ baseUrl: process.env.LOOKALIKE_URL })
const image = new Blob([await readFile('picture.jpg')])
const stages = []
const { results } = await client.searchSimilar(image, { limit: 1, onStage: ({ stage }) => stages.push(stage) })
const error = await client.get('nonsense').catch((error) => error)
let lines = 0
for await (const line of client.export()) lines++
console.log(JSON.stringify([results[0].image_uri, stages.includes('search'), error instanceof LookalikeApiError, lines]))
`,
      )
      await elsewhere.write('picture.jpg', picture)
      const ran = await runThere(node!, ['client.mjs'])
      expect(ran).toMatchObject({ code: 0, err: '' })
      expect(JSON.parse(ran.out)).toEqual(['https://example.org/1.jpg', true, true, 2])
    })
  })
}

const resolutions: [string, string[]][] = [
  ['nodenext', ['--module', 'nodenext']],
  ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
]
for (const [name, options] of resolutions) {
  test(`the types hold under ${name}, strict, those of the package included`, async () => {
    const program = await elsewhere.write(
      'program.ts',
      `import { createClient, LookalikeApiError, type ImageRecord, type SearchResponse } from '@lookalike/sdk'
const response: SearchResponse = await createClient().searchSimilar(new Blob())
export const description: string = response.query_image
export const inHarz = response.results[0]?.metadata['album'] === 'Harz'
export const again = (error: LookalikeApiError): boolean => error.retryable
export const scores: number[] = response.results.map(({ score }) => score)
export const uri = (record: ImageRecord): string => record.image_uri
// @ts-expect-error: what is no shape of the API is refused
export const wrong = response.results.map(({ nonsense }) => nonsense)
`,
    )
    const strict = [
      '--ignoreConfig',
      '--strict',
      '--noEmit',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      'false',
    ]
    const args = [tsc, ...strict, ...options, '--target', 'es2024', '--types', '', program]
    expect(await runThere(process.execPath, args)).toEqual({ code: 0, out: '', err: '' })
  })
}

test('the types of the built client are those of the contract, and need neither it nor zod', async () => {
  for (const file of globSync(join(sdk, 'dist/**/*.{js,ts}'))) {
    expect(readFileSync(file, 'utf8'), file).not.toMatch(/(from |import\()['"](zod|@lookalike\/)/)
  }
  const source = readFileSync(join(sdk, 'src/contract.ts'), 'utf8')
  const names = [...source.matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name!)
  expect(names).toContain('SearchResponse')
  const path = (file: string) => JSON.stringify(join(sdk, file))
  const program = await elsewhere.write(
    'equal.mts',
    `import type * as built from ${path('dist/contract.js')}
import type * as contract from ${path('src/contract.ts')}
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
${names.map((name) => `export const ${name}: Same<built.${name}, contract.${name}> = true`).join('\n')}
// @ts-expect-error: and others are told apart
export const others: Same<built.SearchResponse, contract.ImageRecord> = true
`,
  )
  const options = ['--ignoreConfig', '--strict', '--noEmit', '--skipLibCheck', '--target', 'es2024']
  const module = ['--module', 'nodenext', '--allowImportingTsExtensions']
  const args = [tsc, ...options, ...module, '--types', '', program]
  expect(await runThere(process.execPath, args)).toEqual({ code: 0, out: '', err: '' })
})
