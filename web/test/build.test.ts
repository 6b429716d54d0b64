import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildPage } from '../build.ts'

const dist = join(import.meta.dirname, '../dist')

test('a page built from these sources is not built again, and a damaged one is', async () => {
  await buildPage()
  expect(await buildPage()).toBe(false)

  await rm(join(dist, '.stamp'))
  expect(await buildPage()).toBe(true)
})

test('the page runs under a policy that allows no inline script or style', async () => {
  await buildPage()
  const html = await readFile(join(dist, 'index.html'), 'utf8')

  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/)
  const scripts = [...html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)]
  expect(scripts.length).toBeGreaterThan(0)
  for (const [, attributes, inline] of scripts) {
    expect(attributes).toContain('src=')
    expect(inline).toBe('')
  }
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(existsSync(join(dist, path!)), path).toBe(true)
  }
})
