import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settingNames } from '../../server/src/config.ts'
import { lookalike } from './support/command.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

/** For each shell, a program that prints what it would offer, one a line, for the words in `$words`. */
const harness: Record<Shell, (script: string, words: string[]) => string> = {
  bash: (script, words) => `source ${script}
COMP_WORDS=(${words.map(quoted).join(' ')}); COMP_CWORD=${words.length - 1}
_lookalike; printf '%s\\n' "\${COMPREPLY[@]}"`,
  // Its completion works in its line editor alone: here what it would call prints what it is given.
  zsh: (script, words) => `compdef() { }; compset() { PREFIX=\${PREFIX#*=} }
_describe() { print -rl -- \${\${(P)@[-1]}%%:*} | grep -- "^$PREFIX" }
compadd() { shift; print -rl -- "$@" | grep -- "^$PREFIX" }
_files() { [[ $1 == -/ ]] && print -rl -- \${PREFIX}*(N/) || print -rl -- \${PREFIX}*(N) }
_message() { }
source ${script}
words=(${words.map(quoted).join(' ')}); CURRENT=${words.length}; PREFIX=$words[-1]
_lookalike`,
  fish: (script, words) => `source ${script}
complete -C ${quoted(words.join(' '))} | string replace -r '\\t.*' '' | string replace -r '^--.*=' ''`,
}

const quoted = (word: string) => `'${word}'`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lookalike-completion-'))
  for (const name of ['fox.jpg', 'folder/fen.jpg']) {
    spawnSync('mkdir', ['-p', join(folder, name, '..')])
    writeFileSync(join(folder, name), '')
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(shells)('%s', (shell) => {
  const isHere = spawnSync(shell, ['--version']).status === 0
  test.skipIf(!isHere)('completes commands, options, their values, and files', async () => {
    const { code, out } = await lookalike(['completion', shell])
    expect(code).toBe(0)
    const script = join(folder, `script.${shell}`)
    writeFileSync(script, out)
    const offered = (...words: string[]) => {
      const args = shell === 'fish' ? ['-N', '-c'] : shell === 'zsh' ? ['-f', '-c'] : ['--norc', '-c'] // prettier-ignore
      const text = harness[shell](script, ['lookalike', ...words])
      const env = { PATH: process.env['PATH'], HOME: folder }
      const { stdout, stderr } = spawnSync(shell, [...args, text], { cwd: folder, env, encoding: 'utf8' }) // prettier-ignore
      expect(stderr).toBe('')
      return stdout.split('\n').filter(Boolean).map((word) => word.replace(/\/$/, '')).toSorted() // prettier-ignore
    }
    expect(offered('im')).toEqual(['import'])
    expect(offered('keys', '')).toEqual(['add', 'help', 'list', 'revoke'])
    expect(offered('keys', 'add', '--sc')).toEqual(['--scope'])
    expect(offered('keys', 'add', 'list', '--scope', '')).toEqual(['admin', 'read', 'write'])
    expect(offered('--url', 'http://127.0.0.1', 'search', '--min-match', 's')).toEqual(['same', 'strong']) // prettier-ignore
    expect(offered('import', 'fo')).toEqual(['folder', 'fox.jpg'])
    expect(offered('serve', '--data', 'fo')).toEqual(['folder'])
    expect(offered('serve', '--max-u')).toEqual(['--max-upload-mb'])
    const assigned = shell === 'bash' ? ['--store', '=', 'q'] : ['--store=q']
    expect(offered('serve', ...assigned)).toEqual(['qdrant'])
    expect(offered('show', '')).toEqual([])
    for (const name of settingNames.filter((each) => each !== 'DATA_DIR')) {
      expect(out).toContain(name.toLowerCase().replaceAll('_', '-'))
    }
  })
})

test('another shell is refused with those that there are', async () => {
  expect(await lookalike(['completion', 'nonsense'])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('bash, zsh, fish'),
  })
})
