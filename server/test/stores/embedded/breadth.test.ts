import { expect, test } from 'vitest'
import { breadthFor } from '../../../src/stores/embedded/vector-index/breadth.ts'

test.each([
  [64, 60],
  [128, 65],
  [128, 100],
  [256, 130],
  [1024, 600],
  [1024, 1500],
])(
  'the graph is searched as broadly as it must be: %i where all is found from %i on',
  async (chosen, from) => {
    const all = Array.from({ length: 20 }, (_, n) => 1 - n / 100)
    const find = async (_: Float32Array, breadth: number) => (breadth >= from ? all : all.slice(1))
    const questions = Array.from({ length: 5 }, () => new Float32Array(4))
    expect(await breadthFor(find, questions)).toBe(chosen)
  },
)

test.each([
  [64, 2],
  [256, 3],
])(
  'questions that lose their way do not count, up to a fiftieth: %i where %i of 100 do',
  async (chosen, lost) => {
    const all = Array.from({ length: 20 }, (_, n) => 1 - n / 100)
    const questions = Array.from({ length: 100 }, (_, n) => new Float32Array([n]))
    const find = async ([number]: Float32Array, breadth: number) =>
      breadth < 256 && number! < lost ? [] : all
    expect(await breadthFor(find, questions)).toBe(chosen)
  },
)
