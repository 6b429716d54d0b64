import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jpeg } from '../support/pictures.ts'
import { startServer } from '../support/server.ts'
import { Absent, goProgram, javaProgram, pythonPackage, run } from './tools.ts'

/**
 * `npm run test:clients`: other people's generators make clients of `docs/openapi.json`, which are compiled and
 * search a library. A generator that is not to be had is named and passed over.
 */
const document = join(import.meta.dirname, '../../../docs/openapi.json')
const programs = join(import.meta.dirname, 'clients')

/** Makes a client in a folder, compiles it, and prints the id of what it finds. */
type Client = (folder: string, search: string[]) => Promise<string>

const python: Client = async (folder, search) => {
  const tools = await pythonPackage('openapi-python-client', '0.29.1')
  const made = join(folder, 'lookalike_client')
  const generator = join(tools, 'openapi-python-client')
  await run(generator, ['generate', '--path', document, '--output-path', made, '--meta', 'none'])
  await copyFile(join(programs, 'search.py'), join(folder, 'search.py'))
  const interpreter = join(tools, 'python')
  await run(interpreter, ['-m', 'compileall', '-q', folder])
  return run(interpreter, ['search.py', ...search], folder)
}

const go: Client = async (folder, search) => {
  const generator = await goProgram(
    'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen',
    'v2.8.2',
  )
  await mkdir(join(folder, 'lookalike'))
  const made = join(folder, 'lookalike/client.go')
  await run(generator, ['-generate', 'types,client', '-package', 'lookalike', '-o', made, document])
  await copyFile(join(programs, 'search.go'), join(folder, 'search.go'))
  await writeFile(join(folder, 'go.mod'), 'module search\n\ngo 1.24\n')
  await run('go', ['mod', 'tidy'], folder)
  await run('go', ['build', '-o', 'search', '.'], folder)
  return run(join(folder, 'search'), search)
}

const java: Client = async (folder, search) => {
  const generator = await javaProgram('org.openapitools', 'openapi-generator-cli', '7.25.0')
  const options = ['--library', 'native', '--additional-properties', 'openApiNullable=false']
  await run('java', [
    '-jar',
    generator,
    'generate',
    '-g',
    'java',
    '-i',
    document,
    '-o',
    folder,
    ...options,
  ])
  await copyFile(join(programs, 'Search.java'), join(folder, 'src/main/java/Search.java'))
  const classes = 'dependency:build-classpath'
  await run(
    'mvn',
    ['-q', 'compile', classes, '-Dmdep.outputFile=classpath', '-Dmaven.test.skip'],
    folder,
  )
  return run(
    'sh',
    ['-c', 'java -cp target/classes:$(cat classpath) Search "$@"', 'search', ...search],
    folder,
  )
}

const clients = { 'openapi-python-client': python, 'oapi-codegen': go, 'openapi-generator': java }

const server = await startServer()
const folder = await mkdtemp(join(tmpdir(), 'lookalike-clients-'))
try {
  await server.index(await jpeg(1))
  const wanted = await server.index(await jpeg(2))
  const picture = join(folder, 'picture.jpg')
  await writeFile(picture, await jpeg(2))
  for (const [name, client] of Object.entries(clients)) {
    const place = join(folder, name)
    await mkdir(place)
    const outcome = await client(place, [server.url, picture]).then(
      (found) => (found === wanted.body.id ? 'found the picture' : `FAILED: found ${found}`),
      (error: Error & { stdout?: string }) =>
        error instanceof Absent ? error.message : `FAILED: ${error.message}\n${error.stdout ?? ''}`,
    )
    if (outcome.startsWith('FAILED')) process.exitCode = 1
    console.log(`${name}: ${outcome}`)
  }
} finally {
  await server.stop()
  await rm(folder, { recursive: true })
}
