import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const module = pathToFileURL(join(import.meta.dirname, '../../src/heap-flags.ts')).href

test.skipIf(process.platform === 'win32')(
  'an entry point begins again with the flags of the heap: once, as the same process, with its arguments',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-flags-'))
    const entry = join(folder, 'entry.mjs')
    await writeFile(
      entry,
      `import { restartWithHeapFlags } from ${JSON.stringify(module)}
      console.log('begun')
      restartWithHeapFlags()
      const { pid, execArgv, argv, env } = process
      console.log(JSON.stringify({ pid, execArgv, args: argv.slice(2), fruit: env.FRUIT }))`,
    )
    try {
      const args = ['--no-warnings', entry, 'one', 'two words']
      const child = spawn(process.execPath, args, { env: { FRUIT: 'pear' } })
      const lines = (await text(child.stdout)).trim().split('\n')
      expect(lines.slice(0, 2)).toEqual(['begun', 'begun'])
      expect(JSON.parse(lines[2]!)).toEqual({
        pid: child.pid,
        execArgv: ['--no-warnings', '--max-semi-space-size=4', '--heap-growing-percent=100'],
        args: ['one', 'two words'],
        fruit: 'pear',
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
