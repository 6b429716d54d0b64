import { spawn, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../../root.ts'

/** Packs both packages, and returns the lines that tell of them. */
export function pack(umask = 0o022): string {
  const before = process.umask(umask)
  try {
    return ran(process.execPath, ['pack/pack.ts'], { cwd: root })
  } finally {
    process.umask(before)
  }
}

/**
 * Installs what was packed as the documents say, outside of the checkout and with none of its environment:
 * the program for all of a machine, the client into a folder of somebody's.
 *
 * @param node that runs npm, which is strict about what packages say they need
 */
export function installed(node: string) {
  const folder = mkdtempSync(join(tmpdir(), 'lookalike-pack-'))
  const npm = (args: string[]) => ran('npm', args, { cwd: folder, node })
  const [program, client] = ['lookalike-[0-9]*.tgz', 'lookalike-sdk-*.tgz'].map(
    (name) => globSync(join(root, 'pack/dist', name))[0]!,
  )
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const flags = ['--engine-strict', '--no-audit', '--no-fund']
  npm(['install', '--global', '--prefix', folder, ...flags, program!])
  npm(['install', ...flags, client!])
  return {
    folder,
    package: join(folder, 'lib/node_modules/lookalike'),
    command: join(folder, 'bin/lookalike'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export type Installed = ReturnType<typeof installed>

/** Runs the installed command to its end. */
export function lookalike(there: Installed, node: string, args: string[], url = '', input = '') {
  const env = environment(there, node, url)
  const options = { cwd: there.folder, env, encoding: 'utf8', input } as const
  const { status, stdout, stderr } = spawnSync(there.command, args, options)
  return { status, stdout, stderr }
}

/** Starts a server of the installed package; resolved once it says where it is. */
export async function serve(
  there: Installed,
  node: string,
  command: 'serve' | 'demo',
  args: string[],
) {
  const env = environment(there, node, '')
  const child = spawn(there.command, [command, '--port', '0', ...args], { cwd: there.folder, env })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const found = /Lookalike is ready at (\S+)/.exec(said)
      if (found) resolve(found[1]!)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => reject(new Error(said)))
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    url,
    said: () => said,
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function environment(there: Installed, node: string, url: string) {
  const path = [dirname(node), '/usr/bin', '/bin'].join(':')
  return { PATH: path, HOME: there.folder, LOOKALIKE_URL: url }
}

/** @returns standard output */
function ran(program: string, args: string[], options: { cwd: string; node?: string }): string {
  // What an `npm run` around this tells its children is not meant for these.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
  const path = [dirname(options.node ?? process.execPath), process.env['PATH']].join(':')
  const env = { ...Object.fromEntries(own), PATH: path }
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: options.cwd, env, encoding: 'utf8' }) // prettier-ignore
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}
