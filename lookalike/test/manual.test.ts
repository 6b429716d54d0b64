import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { expect, test } from 'vitest'
import { manualPage } from '../src/manual/manual-page.ts'
import { lookalike } from './support/command.ts'

test('the manual page has what the help of every command has, and names nobody', async () => {
  const page = await manualPage()
  const read = page.replaceAll('\\-', '-').replaceAll('\\(dq', '"').replaceAll('\\e', '\\')
  const commands = ['import', 'search', 'text', 'keys add', 'serve', 'completion']
  for (const command of commands) {
    expect(read).toMatch(new RegExp(`^\\.SS ${command} `, 'm'))
    const { out } = await lookalike([...command.split(' '), '--help'])
    const flags = [...out.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag!)
    for (const flag of flags.filter((each) => each !== '--help')) expect(read).toContain(flag)
  }
  expect(read).toContain('LOOKALIKE_API_KEY')
  expect(page).not.toContain(homedir())
  // Without a date, so that it is the same however often it is made.
  expect(page).toMatch(/^\.TH LOOKALIKE 1 "" "lookalike \d/)
})

const isHere = spawnSync('mandoc', ['-T', 'lint', '/dev/null']).error === undefined
test.skipIf(!isHere)('mandoc finds no more in it than that it has no date', async () => {
  const args = ['-T', 'lint', '-W', 'warning']
  const { stdout } = spawnSync('mandoc', args, { input: await manualPage(), encoding: 'utf8' })
  expect(stdout.trim().split('\n')).toEqual([expect.stringContaining('missing date')])
})
