import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { licenceTroubles } from '../../../supply/licences.ts'
import { root } from '../../../supply/lock.ts'
import { billOfMaterials } from '../../../supply/sbom.ts'

const notice = readFileSync(join(root, 'NOTICE'), 'utf8')

test('every package is under a licence that may be, and NOTICE names those that ask for more', () => {
  expect(licenceTroubles(notice)).toEqual([])
})

test.each([
  ['GPL-3.0-only', /not on the list/],
  [undefined, /no licence/],
  ['MIT AND GPL-2.0', /not on the list/],
  ['LGPL-3.0', /NOTICE does not name it/],
])('a package under %s is told of', (license, expected) => {
  const one = { name: 'some-package', version: '1.0.0', license, isForDevelopment: false }
  expect(licenceTroubles(notice, [one])).toEqual([expect.stringMatching(expected)])
  expect(licenceTroubles(notice, [{ ...one, license: 'GPL-3.0-only OR MIT' }])).toEqual([])
})

test('the bill of materials has all that runs, and nothing that only tests need', () => {
  const { components, metadata } = billOfMaterials()
  const names = components.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['sharp', 'fastify', 'react', 'libheif-js', 'zod']))
  expect(names).not.toContain('vitest')
  expect(metadata.component.name).toBe('lookalike-workspace')
})

test('SECURITY.md names tests that there are', () => {
  const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
  const named = [...text.matchAll(/`((?:server|cli|sdk|web|contract)\/[\w./-]+\.ts)`/g)]
  expect(named.length).toBeGreaterThan(10)
  for (const [, path] of named) expect([path, existsSync(join(root, path!))]).toEqual([path, true])
})
