import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { startServer } from '../support/server.ts'

test('a library that is not installed is named, with the one command that installs it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-local-'))
  await expect(startServer({ EMBEDDER: 'local', DATA_DIR: dataDir })).rejects.toThrow(
    new RegExp(
      `npm install --prefix "${dataDir}/models/runtime" --ignore-scripts @huggingface/transformers@4`,
    ),
  )
  await rm(dataDir, { recursive: true })
})

test.each([
  ['a+b+c', /one model, or two/],
  ['a+', /stands between two/],
])('%s names no models', (LOCAL_MODEL, message) => {
  expect(() => loadConfig({ EMBEDDER: 'local', LOCAL_MODEL })).toThrow(message)
})
