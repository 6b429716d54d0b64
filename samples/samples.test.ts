import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import samples from './samples.json' with { type: 'json' }

const pictures = join(import.meta.dirname, 'pictures')
const styles = ['flat', 'watercolour', 'cartoon outline', 'sunset', 'night', 'pencil']

const pathOf = (file: string): string => join(pictures, file)
const withUnderscores = (style: string): string => style.replaceAll(' ', '_')
const subjectOf = ({ file, metadata }: (typeof samples)[number]): string =>
  file.replace(`_${withUnderscores(metadata.style)}.webp`, '')

/** Mean of the absolute differences of two pictures' values, shrunk to 64 by 48, 0 to 255. */
function difference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length
}

test('twelve subjects in six treatments, each with an image URI of its own', () => {
  expect(samples).toHaveLength(72)
  expect(new Set(samples.map(({ image_uri }) => image_uri)).size).toBe(72)
  const pairs = samples.map((sample) => `${subjectOf(sample)} in ${sample.metadata.style}`)
  expect(new Set(pairs).size).toBe(72)
  expect(new Set(samples.map(subjectOf)).size).toBe(12)
  expect(samples.map(({ image_uri }) => image_uri)).toContain(
    'http://example.org/book/fire_truck_cartoon_outline.png',
  )
})

test.each(samples)('$file says what it is', ({ image_uri, file, metadata }) => {
  expect(file).toMatch(/^[a-z]+(_[a-z]+)+\.webp$/)
  expect(image_uri).toBe(`http://example.org/book/${file.replace('.webp', '.png')}`)
  expect(styles).toContain(metadata.style)
  expect(file).toContain(`_${withUnderscores(metadata.style)}.`)
  expect(metadata).toEqual({
    type: 'output',
    category: expect.stringMatching(/^(animal|vehicle|building|plant|object)$/),
    style: metadata.style,
    description: expect.stringMatching(/^[A-Z].{30,}\.$/),
  })
})

test('no two descriptions are the same', () => {
  const descriptions = samples.map(({ metadata }) => metadata.description)
  expect(new Set(descriptions).size).toBe(samples.length)
})

test('every picture has its entry, and all of them together are light to fetch', () => {
  expect(readdirSync(pictures).toSorted()).toEqual(samples.map(({ file }) => file).toSorted())
  const bytes = samples.map(({ file }) => readFileSync(pathOf(file)).length)
  expect(bytes.reduce((sum, each) => sum + each)).toBeLessThan(3e6)
})

test.each(samples)('$file is a whole picture, and not blank', async ({ file }) => {
  const { format, width, height } = await sharp(pathOf(file)).metadata()
  expect({ format, width, height }).toEqual({ format: 'webp', width: 640, height: 480 })
  const { channels } = await sharp(pathOf(file), { failOn: 'warning' }).stats()
  expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(20)
})

test('treatments of one subject are different pictures, not one picture in other colours', async () => {
  const owls = samples.filter((sample) => subjectOf(sample) === 'owl')
  const grey = await Promise.all(
    owls.map(({ file }) =>
      // In two steps, because sharp would do the resizing first.
      sharp(pathOf(file)).greyscale().normalise().png().toBuffer(),
    ),
  )
  const small = await Promise.all(
    grey.map((png) => sharp(png).resize(64, 48, { fit: 'fill' }).raw().toBuffer()),
  )
  expect(small).toHaveLength(6)
  for (const [at, one] of small.entries()) {
    for (const other of small.slice(at + 1)) expect(difference(one, other)).toBeGreaterThan(12)
  }
})

test('the graph speaks of these pictures and of no others', () => {
  const graph = readFileSync(join(import.meta.dirname, 'graph.ttl'), 'utf8')
  const named = [...graph.matchAll(/\bbook:(\w+\.png)/g)].map(
    ([, name]) => `http://example.org/book/${name}`,
  )
  const uris = samples.map(({ image_uri }) => image_uri)
  expect([...new Set(named)].toSorted()).toEqual(uris.toSorted())
})
