import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Other people's tools are fetched once, and are no dependency of anything. */
const cache = join(import.meta.dirname, '../../../node_modules/.cache/lookalike-peers')

/** Runs a program to its end and returns what it printed; what it complained of is in the error. */
export async function run(
  program: string,
  args: string[],
  cwd?: string,
  env = {},
): Promise<string> {
  const options = { cwd, maxBuffer: 1e8, env: { ...process.env, ...env } }
  const { stdout } = await promisify(execFile)(program, args, options)
  return stdout.trim()
}

/** A tool that is not to be had here: no fault of what it would have tried. */
export class Absent extends Error {}

async function fetched(what: string, fetch: () => Promise<unknown>): Promise<void> {
  await mkdir(cache, { recursive: true })
  await fetch().catch((error: Error & { stderr?: string }) => {
    const reason = (error.stderr || error.message).trim().split('\n').at(-1)
    throw new Absent(`${what} is not to be had: ${reason}`)
  })
}

/** @returns the folder of programs of a Python environment that has the package */
export async function pythonPackage(name: string, version: string): Promise<string> {
  const folder = join(cache, `${name}-${version}`)
  const programs = join(folder, 'bin')
  await fetched(`${name} of PyPI`, async () => {
    if (existsSync(join(programs, name))) return
    await run('python3', ['-m', 'venv', folder])
    await run(join(programs, 'python'), ['-m', 'pip', 'install', '-q', `${name}==${version}`])
  })
  return programs
}

/** @returns the program */
export async function goProgram(path: string, version: string): Promise<string> {
  const program = join(cache, path.split('/').at(-1)!)
  await fetched(`${path} for Go`, async () => {
    if (!existsSync(program))
      await run('go', ['install', `${path}@${version}`], cache, { GOBIN: cache })
  })
  return program
}

/** @returns the archive of a Java program */
export async function javaProgram(group: string, name: string, version: string): Promise<string> {
  const repository = join(homedir(), '.m2/repository')
  const archive = join(repository, ...group.split('.'), name, version, `${name}-${version}.jar`)
  await fetched(`${name} for Java`, async () => {
    await run('java', ['-version'])
    const artifact = `-Dartifact=${group}:${name}:${version}`
    if (!existsSync(archive))
      await run('mvn', ['-q', 'dependency:get', artifact, '-Dtransitive=false'])
  })
  return archive
}
