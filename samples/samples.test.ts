import sharp from 'sharp'
import { expect, test } from 'vitest'
import { renderSample } from './src/render.ts'
import { samples, type Sample } from './src/samples.ts'
import { styles } from './src/scene.ts'

const find = (file: string): Sample => samples.find((sample) => sample.file === file)!

/** Mean of the absolute differences of two pictures' values, shrunk to 64 by 48, 0 to 255. */
function difference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length
}

const shrink = (png: Buffer): Promise<Buffer> =>
  sharp(png).resize(64, 48, { fit: 'fill' }).raw().toBuffer()

test('twelve subjects in six treatments, each with an image URI of its own', () => {
  expect(new Set(samples.map((sample) => sample.uri)).size).toBe(samples.length)
  const pairs = new Set(samples.map(({ subject, style }) => `${subject} in ${style}`))
  expect(pairs.size).toBe(72)
  expect(new Set(samples.map((sample) => sample.subject)).size).toBe(12)
  expect(samples.map((sample) => sample.uri)).toContain(
    'http://example.org/book/fire_truck_cartoon_outline.png',
  )
})

test.each(samples)('$file says what it is', ({ uri, file, style, metadata }) => {
  expect(uri).toBe(`http://example.org/book/${file}`)
  expect(file).toMatch(/^[a-z]+(_[a-z]+)+\.png$/)
  expect(styles).toContain(style)
  expect(metadata).toEqual({
    type: 'output',
    category: expect.stringMatching(/^(animal|vehicle|building|plant|object)$/),
    style,
    description: expect.stringMatching(/^[A-Z].{30,}\.$/),
  })
})

test('no two descriptions are the same', () => {
  const descriptions = samples.map((sample) => sample.metadata.description)
  expect(new Set(descriptions).size).toBe(samples.length)
})

test.each(samples.filter((sample) => sample.subject === 'mushroom'))(
  '$file is drawn the same every time',
  (sample) => expect(sample.svg()).toBe(sample.svg()),
)

test('a page renders to the same PNG bytes twice, and is not blank', async () => {
  const [once, again] = await Promise.all([
    renderSample(find('fox_flat.png')),
    renderSample(find('fox_flat.png')),
  ])
  expect(once.equals(again)).toBe(true)
  const { format, width, height } = await sharp(once).metadata()
  expect({ format, width, height }).toEqual({ format: 'png', width: 640, height: 480 })
  const { channels } = await sharp(once).stats()
  for (const channel of channels) expect(channel.stdev).toBeGreaterThan(20)
})

test('treatments of one subject are different pictures, not one picture in other colours', async () => {
  const grey = await Promise.all(
    styles.map(async (style) => {
      const sample = samples.find((each) => each.subject === 'owl' && each.style === style)!
      const png = await renderSample(sample)
      expect(png.length).toBeLessThan(300_000)
      return shrink(await sharp(png).greyscale().normalise().toBuffer())
    }),
  )
  for (const [at, one] of grey.entries()) {
    for (const other of grey.slice(at + 1)) expect(difference(one, other)).toBeGreaterThan(12)
  }
})
