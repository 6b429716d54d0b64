import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildPage } from '../../../web/build.ts'
import { loadConfig, settings } from '../../src/config.ts'
import { readCompose, root, type ComposeFile } from '../support/compose-file.ts'
import { startProcess } from '../support/process.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const dockerfile = read('Dockerfile').replace(/\\\n\s*/g, '')
const lines = dockerfile.split('\n').filter((line) => /^[A-Z]/.test(line))
const keys = {
  API_KEYS: 'a-key',
  QDRANT_API_KEY: 'another',
  S3_ACCESS_KEY_ID: 'GK0123456789abcdef01234567',
  S3_SECRET_ACCESS_KEY: '00'.repeat(32),
  GARAGE_RPC_SECRET: '11'.repeat(32),
}

describe('the image', () => {
  /** [source, target] of what comes out of the checkout. */
  const copied = lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => {
      const words = line.split(/\s+/).slice(1)
      return words.slice(0, -1).map((source) => [source, words.at(-1)!] as const)
    })

  test('runs on the Node that package.json names', () => {
    const [, version] = /^ARG NODE_VERSION=(.+)$/m.exec(dockerfile)!
    const manifest = JSON.parse(read('package.json')) as { dependencies: { node: string } }
    expect(version).toBe(manifest.dependencies.node)
  })

  test('copies files that are there and that .dockerignore lets through', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path)
    for (const [source] of copied) {
      expect(existsSync(join(root, source)), source).toBe(true)
      const names = [source, source.split('/')[0]]
      expect(
        allowed.some((path) => names.includes(path)),
        source,
      ).toBe(true)
    }
    expect(allowed).not.toContain('.env')
    expect(read('.dockerignore')).toMatch(/^\*$/m)
  })

  test('installs every workspace that package.json lists', () => {
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
    const manifests = copied.filter(([source]) => source.endsWith('/package.json'))
    const named = manifests.map(([source]) => dirname(source))
    expect([...new Set(named)].toSorted()).toEqual(workspaces.toSorted())
  })

  test('is nobody privileged, says when it is ill, and stops in time', () => {
    const lastStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
    expect(lastStage).toContain('USER node')
    expect(lastStage.find((line) => line.startsWith('HEALTHCHECK'))).toContain('/livez')
    // In exec form: under a shell, SIGTERM would not reach the server.
    expect(lastStage).toContain('CMD ["node", "server/src/main.ts"]')
  })

  test('holds all that the server needs, which writes nowhere but into DATA_DIR', async () => {
    await buildPage()
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-image-'))
    const app = join(folder, 'app')
    try {
      const isServers = (from: string) => /^(server|contract)\//.test(from)
      for (const [source, target] of copied.filter(([from]) => isServers(from))) {
        const to = target.endsWith('/') ? join(target, source.split('/').at(-1)!) : target
        await mkdir(dirname(join(app, to)), { recursive: true })
        await cp(join(root, source), join(app, to), { recursive: true })
      }
      await cp(join(root, 'web/dist'), join(app, 'web/dist'), { recursive: true })
      await linkModules(join(app, 'node_modules'))
      const before = await listing(app)

      const env = { DATA_DIR: join(folder, 'data'), HOST: '0.0.0.0', API_KEYS: 'a-key' }
      const server = await startProcess(env, app, join(app, 'server/src/main.ts'))
      const url = server.url!.replace('0.0.0.0', '127.0.0.1')
      expect(healthcheck(url)).toBe(0)
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      expect(await (await fetch(`${url}/`)).text()).toContain('<!doctype html>')
      expect((await fetch(`${url}/api/info`)).status).toBe(401)
      expect(await server.kill('SIGTERM')).toBe(0)
      expect(healthcheck(url)).toBe(1)
      expect(await listing(app)).toEqual(before)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe.each(['compose.yaml', 'compose.cluster.yaml'])('%s', (file) => {
  const compose = readCompose(file, keys)
  const services = Object.entries(compose.services)
  const ours = services.filter(([, { image }]) => image === 'lookalike')

  test('is refused without its keys, which nobody is given a default of', () => {
    for (const name of Object.keys(keys).filter((key) => read(file).includes(`\${${key}:?`))) {
      expect(() => readCompose(file, { ...keys, [name]: '' })).toThrow(name)
      expect(read(file)).toContain(`echo "${name}=`)
    }
    expect(() => readCompose(file, {})).toThrow()
  })

  test('gives its servers settings that there are, and that they start with', () => {
    expect(ours.length).toBeGreaterThan(0)
    for (const [, { environment }] of ours) {
      expect(Object.keys(settings.shape)).toEqual(expect.arrayContaining(Object.keys(environment)))
      const config = loadConfig({ HOST: '0.0.0.0', DATA_DIR: '/data', ...environment })
      expect(config.STORE).toBe('qdrant')
      expect(config.API_KEYS).toEqual([keys.API_KEYS])
      expect(config.FILES).toBe(environment['S3_BUCKET'] ? 's3' : 'disk')
    }
  })

  test('runs its servers read-only and without privileges, from the Dockerfile here', () => {
    for (const [, service] of ours) {
      expect(service).toMatchObject({ build: '.', read_only: true, init: true, cap_drop: ['ALL'] })
      expect(service.volumes.map((volume) => volume.split(':')[1])).toEqual(['/data'])
      expect(Number.parseInt(service.stop_grace_period!, 10)).toBeGreaterThan(30)
    }
  })

  test('pins the images of others', () => {
    const others = services.filter(([, { image }]) => image !== 'lookalike')
    for (const [, { image }] of others) expect(image).toMatch(/^[\w/-]+:v?\d+\.\d+[\w.-]*$/)
    const readme = /qdrant\/qdrant:\S+/.exec(read('README.md'))![0]
    for (const [, { image }] of others.filter(([, { image }]) => image.startsWith('qdrant/'))) {
      expect(image).toBe(readme)
    }
  })

  test('names only services, volumes and configs that it has, each volume used once', () => {
    const used = services.flatMap(([, { volumes }]) => volumes.map((one) => one.split(':')[0]))
    expect(used.toSorted()).toEqual(Object.keys(compose.volumes).toSorted())
    for (const [, { depends_on: needs, configs }] of services) {
      for (const { source } of configs) expect(compose.configs).toHaveProperty(source)
      for (const name of Array.isArray(needs) ? needs : []) {
        expect(compose.services).toHaveProperty(name)
      }
      for (const name of Array.isArray(needs) ? [] : Object.keys(needs)) {
        expect(compose.services[name]).toHaveProperty('healthcheck')
      }
    }
    for (const [host, port] of addresses(compose)) {
      expect(compose.services, `${host}:${port}`).toHaveProperty(host)
    }
  })

  test('publishes one port, on this machine only', () => {
    expect(services.flatMap(([, { ports }]) => ports)).toEqual(['127.0.0.1:8000:8000'])
  })
})

describe('the cluster', () => {
  const { services, configs } = readCompose('compose.cluster.yaml', keys)
  const named = (image: string) =>
    Object.entries(services).filter(([, service]) => service.image.startsWith(image))

  test('has three Qdrant nodes that know each other, and as many copies as that allows', () => {
    const nodes = named('qdrant/')
    expect(nodes).toHaveLength(3)
    for (const [name, { command, environment }] of nodes) {
      expect(command).toContain(`--uri http://${name}:6335`)
      expect(command!.includes('--bootstrap')).toBe(name !== 'qdrant-1')
      expect(environment['QDRANT__CLUSTER__ENABLED']).toBe('true')
    }
    const [[, { environment }]] = named('lookalike') as [[string, (typeof services)[string]]]
    const config = loadConfig({ HOST: '0.0.0.0', ...environment })
    expect(config.QDRANT_REPLICATION_FACTOR).toBeLessThanOrEqual(nodes.length)
    expect(config.QDRANT_SHARD_NUMBER! % nodes.length).toBe(0)
  })

  test('has two servers that differ in nothing but their volume', () => {
    const [one, two, ...more] = named('lookalike').map(([, { volumes: _, ...rest }]) => rest)
    expect(one).toEqual(two)
    expect(more).toEqual([])
  })

  test('balances over all of them, by health checks that they answer', () => {
    const { content } = configs['balancer']!
    expect(content).toContain('reverse_proxy lookalike-1:8000 lookalike-2:8000 {')
    expect(content).toContain('reverse_proxy qdrant-1:6333 qdrant-2:6333 qdrant-3:6333 {')
    expect(content.match(/health_uri (\S+)/g)).toEqual(['health_uri /livez', 'health_uri /readyz'])
  })

  test('has a bucket and a key that its servers use', () => {
    const { environment } = services['storage']!
    const [, server] = named('lookalike')[0]!
    expect(environment['GARAGE_DEFAULT_BUCKET']).toBe(server.environment['S3_BUCKET'])
    expect(environment['GARAGE_DEFAULT_ACCESS_KEY']).toBe(server.environment['S3_ACCESS_KEY_ID'])
    expect(environment['GARAGE_DEFAULT_SECRET_KEY']).toBe(
      server.environment['S3_SECRET_ACCESS_KEY'],
    )
    const { content } = configs['storage']!
    expect(content).toContain(`s3_region = "${server.environment['S3_REGION']}"`)
    expect(content).toContain(`:${new URL(server.environment['S3_ENDPOINT']!).port}"`)
  })
})

/** The exit code of the image's own health check, for the server at `url`. */
function healthcheck(url: string): number | null {
  const [, command] = /HEALTHCHECK .*CMD (\[.+\])$/m.exec(dockerfile)!
  const [, ...args] = JSON.parse(command!) as string[]
  return spawnSync(process.execPath, args, { env: { PORT: new URL(url).port } }).status
}

/** Every host and port that services are told to speak to. */
function addresses(compose: ComposeFile): [string, string][] {
  const told = Object.values(compose.services).flatMap(({ environment, command }) => [
    ...Object.entries(environment).flatMap(([name, value]) => (name === 'PUBLIC_URL' ? [] : value)),
    command ?? '',
  ])
  const balanced = Object.values(compose.configs).flatMap(
    ({ content }) => content.match(/^ *reverse_proxy .*$/gm) ?? [],
  )
  const found = [...told.join(' ').matchAll(/https?:\/\/([\w-]+):(\d+)/g)]
  const upstreams = [...balanced.join(' ').matchAll(/ ([\w-]+):(\d+)/g)]
  return [...found, ...upstreams].map(([, host, port]) => [host!, port!])
}

/** The modules of this checkout, but for its workspaces: those are the ones beside the folder. */
async function linkModules(folder: string): Promise<void> {
  const scope = '@lookalike'
  await mkdir(join(folder, scope), { recursive: true })
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== scope) await symlink(join(root, 'node_modules', name), join(folder, name))
  }
  for (const name of await readdir(join(root, 'node_modules', scope))) {
    await symlink(join('../..', name), join(folder, scope, name))
  }
}

/** Files below the folder, but for the linked modules, where the test runner keeps a cache of its own. */
async function listing(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/node_modules/'))
    .toSorted()
}
