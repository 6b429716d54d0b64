import { describe, expect, test } from 'vitest'
import { decodeConstants, encodeConstants } from '../../../src/embedders/visual/constants-file.ts'

const constants = {
  id: 'visual:9@3',
  record: { made_from: '3 pictures' },
  tensors: { mean: Float32Array.of(0.5, -1, 2), projection: Int8Array.of(-127, 0, 127) },
}

describe('constants file', () => {
  test('reads back what was written', () => {
    expect(decodeConstants(encodeConstants(constants), 'visual:9@3')).toEqual(constants)
  })

  test('refuses one made for another version', () => {
    expect(() => decodeConstants(encodeConstants(constants), 'visual:8@3')).toThrow('made for')
  })

  test('refuses damage: cut short, a flipped bit, another file', () => {
    const bytes = encodeConstants(constants)
    const flipped = Buffer.from(bytes)
    flipped[bytes.length - 1]! ^= 1
    for (const bad of [
      bytes.subarray(0, -1),
      bytes.subarray(0, 6),
      flipped,
      Buffer.from('hello, you'),
    ]) {
      expect(() => decodeConstants(bad, 'visual:9@3')).toThrow(/restore the file/)
    }
  })
})
