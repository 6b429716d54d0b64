import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from '../root.ts'

const files = globSync('.github/workflows/*.yml', { cwd: root })
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Job {
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[]
}

test('the workflows run scripts that there are, and actions of one maker alone', () => {
  expect(files.length).toBeGreaterThan(1)
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const file of files) {
    const { jobs, permissions } = parse(read(file)) as {
      jobs: Record<string, Job>
      permissions: unknown
    }
    // A job that may do more says so itself.
    expect(permissions).toEqual({ contents: 'read' })
    const steps = Object.values(jobs).flatMap((job) => job.steps ?? [])
    for (const { uses = '', run = '' } of steps) {
      expect(uses).toMatch(/^(actions\/[\w-]+@v\d+)?$/)
      for (const [, name] of run.matchAll(/npm run (?:-\S+ )*([\w:]+)/g)) {
        expect(Object.keys(scripts)).toContain(name)
      }
      for (const [path] of run.matchAll(/^\.\S+$/gm))
        expect(existsSync(join(root, path))).toBe(true)
    }
  }
})

const isHere = spawnSync('actionlint', ['--version']).error === undefined
test.skipIf(!isHere)('actionlint finds nothing', () => {
  const { status, stdout } = spawnSync('actionlint', files, { cwd: root, encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})
