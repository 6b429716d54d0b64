type Value = number | number[] | string | Buffer | Directory | Directory[] | Block

/** Bytes that the value points to, and that are told nowhere else. */
export class Block {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

export type Directory = Map<number, Value>

const typeNames = { byte: 1, ascii: 2, short: 3, long: 4, undefined: 7 }

/** A TIFF of these directories, tag by tag; `head` replaces its first bytes, as RAW formats do. */
export function tiffFile(
  directories: Directory[],
  { head, little = true }: { head?: Buffer; little?: boolean } = {},
): Buffer {
  const start = Math.max(8, head?.length ?? 0)
  const parts: Buffer[] = [Buffer.alloc(start)]
  let length = start
  const add = (bytes: Buffer): number => {
    const at = length
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)])
    parts.push(padded)
    length += padded.length
    return at
  }
  const numbers = (values: number[], size: 2 | 4) => {
    const bytes = Buffer.alloc(values.length * size)
    const method = size === 2 ? (little ? 'writeUInt16LE' : 'writeUInt16BE') : little ? 'writeUInt32LE' : 'writeUInt32BE' // prettier-ignore
    values.forEach((value, k) => bytes[method](value, k * size))
    return bytes
  }
  const encode = (value: Value): { type: number; count: number; bytes: Buffer } => {
    if (typeof value === 'string') {
      const bytes = Buffer.from(`${value}\0`, 'latin1')
      return { type: typeNames.ascii, count: bytes.length, bytes }
    }
    if (Buffer.isBuffer(value))
      return { type: typeNames.undefined, count: value.length, bytes: value }
    if (value instanceof Block) return encode([long(add(value.bytes))])
    if (value instanceof Map) return encode([long(write(value, 0))])
    const list = Array.isArray(value) ? value : [value]
    if (list[0] instanceof Map)
      return encode((list as Directory[]).map((one) => long(write(one, 0))))
    const plain = list as number[]
    const isLong = plain.some((one) => one >= longMark || one > 65_535)
    const bytes = numbers(plain.map((one) => (one >= longMark ? one - longMark : one)), isLong ? 4 : 2) // prettier-ignore
    return { type: isLong ? typeNames.long : typeNames.short, count: plain.length, bytes }
  }
  const write = (directory: Directory, next: number): number => {
    const entries = [...directory.entries()].toSorted(([a], [b]) => a - b)
    const encoded = entries.map(([tag, value]) => ({ tag, ...encode(value) }))
    const lines = encoded.map(({ tag, type, count, bytes }) => {
      const inline = bytes.length <= 4 ? Buffer.concat([bytes, Buffer.alloc(4 - bytes.length)]) : numbers([add(bytes)], 4) // prettier-ignore
      return Buffer.concat([numbers([tag, type], 2), numbers([count], 4), inline])
    })
    return add(Buffer.concat([numbers([lines.length], 2), ...lines, numbers([next], 4)]))
  }
  const first = directories.toReversed().reduce((next, directory) => write(directory, next), 0)
  const begin = Buffer.concat([Buffer.from(little ? 'II*\0' : 'MM\0*', 'latin1'), numbers([first], 4)]) // prettier-ignore
  begin.copy(parts[0]!)
  head?.copy(parts[0]!)
  if (head) numbers([first], 4).copy(parts[0]!, 4)
  return Buffer.concat(parts)
}

const longMark = 2 ** 33
/** A number that is written as LONG whatever its size. */
export const long = (value: number) => value + longMark
