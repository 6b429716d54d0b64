import { beforeAll, describe, expect, test } from 'vitest'
import { wordsOf, type Change } from '../../src/images/comparison/change.ts'
import { Comparison } from '../../src/images/comparison/compare.ts'
import { sketchOf } from '../../src/images/comparison/sketch.ts'
import { decodeImage } from '../../src/images/decode.ts'
import { changes, lookalikes, scene, sharpOf, twoChanges, type Pixels } from '../support/scenes.ts'

/** More for the table in docs/copies.md: COPIES=40 npx vitest run server/test/duplicates/comparison.test.ts */
const count = Number(process.env['COPIES'] ?? 4)
/** The machine may have other work. */
const timeout = 30_000 + count * 3000
const seeds = Array.from({ length: count }, (_, seed) => seed)
const report = (line: string) => process.env['COPIES'] && process.stdout.write(`${line}\n`)

async function compared(one: Buffer, other: Buffer): Promise<Change | null> {
  const [a, b] = await Promise.all([one, other].map(async (file) => sketchOf(await decodeImage(file, 100)))) // prettier-ignore
  return new Comparison(a!).with(b!)
}

describe('a picture is found again, and what was done to it is said', () => {
  let originals: { pixels: Pixels; file: Buffer }[]
  beforeAll(async () => {
    originals = await Promise.all(
      seeds.map(async (seed) => {
        const pixels = await scene(seed)
        return { pixels, file: await sharpOf(pixels).jpeg({ quality: 92 }).toBuffer() }
      }),
    )
  })

  test.each(Object.entries({ ...changes, ...twoChanges }))(
    '%s',
    async (name, { make, said }) => {
      const words: string[] = []
      for (const { pixels, file } of originals) {
        const change = await compared(file, await make(pixels))
        words.push(change ? wordsOf(change) : 'not found')
      }
      report(`${name}: ${words.filter((each) => each !== 'not found').length} of ${count}`)
      expect(words).not.toContain('not found')
      // Brightness that runs into white may look like less contrast or other colours as well: most are said right.
      expect(words.filter((each) => said.test(each)).length, words.join('; ')).toBeGreaterThanOrEqual(count * 0.8) // prettier-ignore
    },
    timeout,
  )
})

test.each(Object.entries(lookalikes))(
  '%s: not one picture',
  async (name, make) => {
    const same: string[] = []
    for (const seed of seeds) {
      const change = await compared(...(await make(seed)))
      if (change) same.push(`${seed}: ${wordsOf(change)}`)
    }
    report(`${name}: ${same.length} of ${count} taken for one`)
    expect(same).toEqual([])
  },
  timeout,
)
