import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assembleKernel } from '../../../../evals/training/kernel/assemble.ts'
import { kernelFiles } from '../../../src/embedders/visual/network/kernel.ts'
import { Network } from '../../../src/embedders/visual/network/network.ts'
import type {
  BlockShape,
  Layer,
  NetworkLayers,
  NetworkShape,
} from '../../../src/embedders/visual/network/shape.ts'
import { runReference } from '../network-reference.ts'

/** Numbers that look random and are always the same. */
function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) / 2 ** 31
}

function layer(outputs: number, taps: number, scale: number, next: () => number): Layer {
  return {
    weights: Int8Array.from({ length: outputs * taps }, () => Math.floor(next() * 255) - 127),
    bias: Int32Array.from({ length: outputs }, () => Math.floor(next() * 4000) - 1000),
    scales: Int16Array.from({ length: outputs }, () => scale + Math.floor(next() * scale)),
  }
}

const block = (
  kernel: 3 | 5,
  stride: 1 | 2,
  inputs: number,
  outputs: number,
  expands = true,
): BlockShape => ({
  kernel,
  stride,
  inputs,
  inner: expands ? inputs * 6 : inputs,
  outputs,
  expands,
  adds: inputs === outputs && stride === 1,
})

/** Every kind of block: both kernels, both strides, added to or not, widths that are no multiple of 16. */
const blocks = [
  block(3, 1, 32, 16, false),
  block(3, 2, 16, 24),
  block(5, 1, 24, 24),
  block(5, 2, 24, 40),
  block(3, 1, 40, 40),
  block(5, 1, 40, 56),
]

function networkOf(edge: number, seed: number): { shape: NetworkShape; layers: NetworkLayers } {
  const next = numbers(seed)
  const shape = { edge, stem: 32, blocks, head: 80 }
  const layers = {
    stem: layer(32, 27, 300, next),
    blocks: blocks.map(({ expands, inner, inputs, kernel, outputs }) => ({
      ...(expands ? { expand: layer(inner, inputs, 300, next) } : {}),
      depthwise: layer(inner, kernel ** 2, 300, next),
      project: layer(outputs, inner, 1000, next),
    })),
    head: layer(80, 56, 300, next),
  }
  return { shape, layers }
}

const picture = (edge: number, seed: number) => {
  const next = numbers(seed)
  return Uint8Array.from({ length: edge * edge * 3 }, () => Math.floor(next() * 256))
}

describe.each(['relaxed', 'plain'] as const)('the %s kernel', (name) => {
  test('is what its text assembles to', async () => {
    expect(Buffer.from(await assembleKernel(name))).toEqual(readFileSync(kernelFiles[name]))
  })

  test.each([32, 48, 56])('equals the reference to the bit at %i pixels', (edge) => {
    const { shape, layers } = networkOf(edge, edge)
    const network = new Network(shape, layers, 0, name)
    for (const seed of [1, 2]) {
      const rgb = picture(edge, seed)
      expect(network.run(rgb).map).toEqual(runReference(shape, layers, rgb))
    }
  })

  test('is not disturbed by extremes, nor by what it saw before', () => {
    const { shape, layers } = networkOf(48, 7)
    const network = new Network(shape, layers, 0, name)
    for (const rgb of [picture(48, 3), picture(48, 3).fill(255), picture(48, 3).fill(0)]) {
      expect(network.run(rgb).map).toEqual(runReference(shape, layers, rgb))
    }
  })
})
