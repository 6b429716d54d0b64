import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DOMParser } from '@xmldom/xmldom'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { install, managerOf, shown, status, uninstall } from '../src/service/manage.ts'
import type { Machine, Ran, Service } from '../src/service/service.ts'
import { lookalike } from './support/command.ts'

let home: string
/** What was asked of the system, one command a line. */
let asked: string[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lookalike-service-'))
  asked = []
})
afterEach(() => rmSync(home, { recursive: true }))

function machine(
  platform: NodeJS.Platform,
  answer: (command: string) => Ran = () => fine,
): Machine {
  return {
    platform,
    env: { USERDOMAIN: 'PC' },
    home,
    user: 'a&b',
    uid: 501,
    run(command) {
      asked.push(command.join(' '))
      return answer(command.join(' '))
    },
  }
}

const fine: Ran = { status: 0, output: 'it runs\n' }
const missing: Ran = { status: null, output: '' }

function service(folder = join(home, 'library')): Service {
  const command = ['/opt/my node', '/opt/main.js', 'serve', `--data=${folder}`] as const
  return { command, folder, stopSeconds: 45, version: '1.2.3' }
}

const systems = [
  ['linux', '.config/systemd/user/lookalike.service', 'systemctl --user restart lookalike.service'],
  ['darwin', 'Library/LaunchAgents/local.lookalike.plist', 'launchctl bootstrap gui/501 '],
  ['win32', 'AppData/Local/lookalike/service.xml', 'schtasks /Run /TN Lookalike'],
] as const

describe.each(systems)('on %s', (platform, file, start) => {
  test('it is written and started, again without a change, and taken away, again without harm', () => {
    const here = machine(platform)
    const manager = managerOf(here)
    expect(manager.file).toBe(join(home, file))
    expect(shown(manager, service())).toContain('--data=')
    expect([asked, existsSync(manager.file)]).toEqual([[], false])
    expect(status(here, manager)).toMatchObject({ runs: false })

    const told = install(here, manager, service())
    expect(told).toContain(`Wrote: ${manager.file}`)
    expect(told).toContain('lookalike service uninstall')
    expect(asked.at(-1)).toContain(start)
    expect(existsSync(join(home, 'library'))).toBe(true)
    expect(status(here, manager)).toEqual({ runs: true, text: `${manager.file}\nit runs\n` })

    const before = readFileSync(manager.file)
    expect(install(here, manager, service())).toContain('As it was already')
    expect(readFileSync(manager.file)).toEqual(before)
    expect(install(here, manager, service(join(home, 'other')))).toContain('Wrote anew')

    expect(uninstall(here, manager)).toContain(`removed: ${manager.file}`)
    expect([existsSync(manager.file), existsSync(join(home, 'library'))]).toEqual([false, true])
    expect(uninstall(here, manager)).toContain('There is no service')
  })

  test('a system that does not do its part is told of, with what is left to be done', () => {
    const here = machine(platform, () => missing)
    expect(() => install(here, managerOf(here), service())).toThrow(
      /Wrote: .*there is no such program.*Once it can be: /,
    )
    const denied = machine(platform, () => ({ status: 1, output: 'no bus\n' }))
    expect(() => install(denied, managerOf(denied), service())).toThrow(/failed: no bus/)
  })
})

test('another system is told what to do instead', () => {
  expect(() => managerOf(machine('freebsd'))).toThrow(/`lookalike serve`/)
})

/** Everything that some system's file has a meaning for. */
const odd = `a 100% "b" 'c' $HOME \${x} <&> \\d %h;#`

test('systemd finds nothing wrong, and reads each word as it was', () => {
  const folder = join(home, odd)
  const here = machine('linux')
  const manager = managerOf(here)
  const told = { ...service(folder), command: [...service(folder).command, '--end=\\'] as const }
  install(here, manager, told)
  const unit = readFileSync(manager.file, 'utf8')
  const line = /^ExecStart=(.*)$/m.exec(unit)![1]!
  // As systemd.service(5) has it, "Command lines".
  const words = [...line.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, word]) =>
    word!.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%').replaceAll('$$', '$'),
  )
  expect(line.startsWith('/usr/bin/env ')).toBe(true)
  expect(words).toEqual(told.command)
  expect(/^WorkingDirectory=(.*)$/m.exec(unit)![1]!.replaceAll('%%', '%')).toBe(folder)
  const verified = spawnSync('systemd-analyze', ['--user', 'verify', '--man=no', manager.file], {
    env: { PATH: process.env['PATH'], XDG_RUNTIME_DIR: home, HOME: home },
    encoding: 'utf8',
  })
  if (verified.error) return
  expect(verified).toMatchObject({ status: 0, stderr: '' })
})

test('launchd gets a property list with each word as it was', () => {
  const told = service(join(home, odd))
  const here = machine('darwin')
  const manager = managerOf(here)
  install(here, manager, told)
  const document = parsed(readFileSync(manager.file, 'utf8'))
  const texts = (name: string) => {
    const keys = [...document.getElementsByTagName('key')]
    const value = keys.find(({ textContent }) => textContent === name)!.nextSibling!.nextSibling!
    return [...value.childNodes].flatMap((node) =>
      node.nodeName === 'string'
        ? [node.textContent]
        : node.nodeName === '#text' && value.nodeName === 'string'
          ? [node.textContent]
          : [],
    )
  }
  expect(texts('ProgramArguments')).toEqual(told.command)
  expect(texts('WorkingDirectory')).toEqual([told.folder])
})

test('the Task Scheduler gets a task of its schema, with each word as it was', () => {
  const told = {
    ...service(join(home, odd)),
    command: [...service(join(home, odd)).command, '--end=a b\\', 'c\\'] as const,
  }
  const here = machine('win32')
  const manager = managerOf(here)
  install(here, manager, told)
  const bytes = readFileSync(manager.file)
  expect(bytes.subarray(0, 2).toString('hex')).toBe('fffe')
  const document = parsed(bytes.toString('utf16le').slice(1))
  const text = (name: string) => document.getElementsByTagName(name)[0]!.textContent!
  expect([text('Command'), ...windowsWords(text('Arguments'))]).toEqual(told.command)
  expect([text('WorkingDirectory'), text('UserId')]).toEqual([told.folder, 'PC\\a&b'])
  const schema = join(import.meta.dirname, 'support/task.xsd')
  const checked = spawnSync('xmllint', ['--noout', '--schema', schema, manager.file], { encoding: 'utf8' }) // prettier-ignore
  if (checked.error) return
  expect(checked).toMatchObject({ status: 0 })
})

const asRoot = process.getuid?.() === 0 ? ['--as-root'] : []

test.skipIf(asRoot.length === 0)('root is asked whether that is meant', async () => {
  expect(await lookalike(['service', 'install', '--print'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--as-root'),
  })
})

test('the command refuses what would be unsafe or cannot work, and shows what it would write', async () => {
  const installing = (...args: string[]) => lookalike(['service', 'install', '--print', ...args])
  expect(await installing(...asRoot, '--openai-api-key', 'sk-1')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/OPENAI_API_KEY=\.\.\. into .*\.env/),
  })
  expect(await installing(...asRoot, '--port', 'x')).toMatchObject({
    code: 2,
    err: expect.stringContaining('PORT: '),
  })
  const { code, out } = await installing(
    ...asRoot,
    '--data',
    home,
    '--no-proxy',
    'a,b',
    '--mcp',
    'off',
  )
  expect(code).toBe(0)
  const set = [...out.matchAll(/--[\w-]+=[^"\s<]+/g)].map(([option]) => option)
  expect(set).toEqual([`--data=${home}`, '--no-proxy=a,b', '--mcp=off'])
})

test.skipIf(process.platform !== 'linux')('the command asks systemd for a service', () => {
  const programs = join(home, 'programs')
  mkdirSync(programs)
  const fake = `#!/bin/sh\necho "$*" >> '${home}/asked'\n`
  writeFileSync(join(programs, 'systemctl'), fake, { mode: 0o755 })
  const run = (...args: string[]) => {
    const main = join(import.meta.dirname, '../src/main.ts')
    const env = { PATH: `${programs}:/usr/bin:/bin`, HOME: home }
    const options = { env, encoding: 'utf8', cwd: home } as const
    return spawnSync(process.execPath, [main, 'service', ...args], options)
  }
  const installed = run('install', ...asRoot, '--data', 'my library')
  expect(installed).toMatchObject({ status: 0, stderr: '' })
  const unit = readFileSync(join(home, '.config/systemd/user/lookalike.service'), 'utf8')
  expect(unit).toMatch(/main\.ts" "serve" "--data=\S+\/my library"\n/)
  expect(run('uninstall')).toMatchObject({ status: 0 })
  expect(readFileSync(join(home, 'asked'), 'utf8')).toMatch(
    /restart lookalike\.service\n[^]*disable --now lookalike\.service/,
  )
})

function parsed(xml: string) {
  return new DOMParser({ onError: (_, message) => expect.unreachable(message) }).parseFromString(xml, 'text/xml') // prettier-ignore
}

/** What a program of Windows makes of its command line: an even number of backslashes before a quote is half as many. */
function windowsWords(line: string): string[] {
  const words: string[] = []
  let word = ''
  let isQuoted = false
  for (const [, slashes = '', quote = '', other = ''] of line.matchAll(
    /(\\*)(?:(")|([^\\"]|$))/g,
  )) {
    word += quote ? '\\'.repeat(Math.floor(slashes.length / 2)) : slashes
    if (quote && slashes.length % 2 === 1) word += '"'
    else if (quote) isQuoted = !isQuoted
    else if (other === ' ' && !isQuoted) {
      words.push(word)
      word = ''
    } else word += other
  }
  return [...words, word]
}
