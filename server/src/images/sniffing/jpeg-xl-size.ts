import { readBoxes } from './boxes.ts'
import type { ByteSource } from './byte-source.ts'

const ratios = [0, 1, 12 / 10, 4 / 3, 3 / 2, 16 / 9, 5 / 4, 2]

/** The size that a JPEG XL announces. Source: ISO/IEC 18181-1, "SizeHeader". */
export async function readJpegXlSize(
  source: ByteSource,
): Promise<{ width: number; height: number } | undefined> {
  const start = await codestream(source)
  const stream = start === undefined ? undefined : await source.read(start, 16)
  if (!stream || stream.length < 12) return undefined
  let at = 16
  const bits = (count: number) => {
    let value = 0
    for (let k = 0; k < count; k++, at++) value += ((stream[at >> 3]! >> (at & 7)) & 1) * 2 ** k
    return value
  }
  const small = bits(1) === 1
  const edge = () => (small ? (bits(5) + 1) * 8 : bits([9, 13, 18, 30][bits(2)]!) + 1)
  const height = edge()
  const ratio = bits(3)
  return { height, width: ratio === 0 ? edge() : Math.floor(height * ratios[ratio]!) }
}

/** Where it begins: at once, or in the first box that holds it. */
async function codestream(source: ByteSource): Promise<number | undefined> {
  const [first] = await source.read(0, 1)
  if (first === 0xff) return 0
  for (const { type, start } of await readBoxes(source, 0, source.size)) {
    if (type === 'jxlc') return start
    if (type === 'jxlp') return start + 4
  }
  return undefined
}
