import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'run.ts')
let folder = ''

/** Two classes that colour tells apart, six pictures each; stripes make every picture its own. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-eval-'))
  for (const [label, red, blue] of [
    ['embers', 210, 30],
    ['ponds', 30, 210],
  ] as const) {
    await mkdir(join(folder, 'set', label), { recursive: true })
    for (let picture = 0; picture < 6; picture++) {
      const rgb = Buffer.alloc(96 * 64 * 3)
      for (let pixel = 0; pixel < 96 * 64; pixel++) {
        const stripe = Math.floor((pixel % 96) / (3 + picture)) % 2 ? 40 : 0
        rgb.set([red + stripe, 60 + 8 * picture, blue + stripe], pixel * 3)
      }
      const path = join(folder, 'set', label, `${picture}.png`)
      await sharp(rgb, { raw: { width: 96, height: 64, channels: 3 } }).toFile(path)
    }
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run eval', () => {
  test('table, JSON and a page that stands alone, for every embedder asked for', async () => {
    const json = join(folder, 'figures.json')
    const html = join(folder, 'report.html')
    const embedders = ['--embedder', 'hsv-histogram', '--embedder', 'hog']
    const outputs = ['--json', json, '--html', html]
    const args = [script, join(folder, 'set'), '--copies', '4', ...embedders, ...outputs]
    const { stdout } = await run(process.execPath, args)
    expect(stdout).toMatch(/hsv-histogram +12 +1\.000 \[1\.000, 1\.000\]/)
    const figures = JSON.parse(await readFile(json, 'utf8'))
    expect(figures).toMatchObject({ embedder: 'hsv-histogram', n: 12, p1: 1, p10: 0.5, map: 1 })
    expect(figures.near_duplicates['half size'].recall_at_1).toBeGreaterThan(0)
    expect(Object.keys(figures.classes)).toEqual(['embers', 'ponds'])
    expect(figures.compared[0].embedder).toBe('hog')
    const page = await readFile(html, 'utf8')
    expect(page).toContain('Worst queries of hsv-histogram')
    expect(page).not.toMatch(/src="(?!data:)/)
  })

  test('an unknown embedder: the answer lists those there are', async () => {
    const asked = run(process.execPath, [script, join(folder, 'set'), '--embedder', 'oracle'])
    await expect(asked).rejects.toThrow(/No embedder is called oracle\. There are: visual/)
  })

  test('a folder without classes: the answer says what is needed', async () => {
    const asked = run(process.execPath, [script, join(folder, 'set', 'ponds')])
    await expect(asked).rejects.toThrow(/needs at least two folders/)
  })
})

test('npm run eval:scores measures the drawings alone where no folder is given', async () => {
  const args = [join(import.meta.dirname, 'scores', 'run.ts'), '--embedder', 'hsv-histogram']
  const { stdout } = await run(process.execPath, args)
  for (const title of ['F1 of cut=auto', 'How often words are right', 'Mean average precision']) {
    expect(stdout).toMatch(new RegExp(`${title}.*\n.*\nhsv-histogram +drawings `))
  }
  expect(stdout).not.toContain('NaN')
})
