/**
 * Writes ONNX networks of a few operators. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers of the
 * fields.
 */
const float = 1
const int64 = 7

type Attribute = number | readonly number[]

interface Node {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}

interface Value {
  readonly name: string
  readonly type: 'float' | 'int64'
  /** A name is a length that is open. */
  readonly shape: readonly (number | string)[]
}

export interface Network {
  readonly nodes: readonly Node[]
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly constants: Readonly<Record<string, { shape: readonly number[]; values: number[] }>>
}

/**
 * A model file, in operator set 11.
 *
 * @param about so many bytes of words about it
 */
export function onnxFile({ nodes, inputs, outputs, constants }: Network, about = 0): Buffer {
  const graph = [
    ...nodes.map((node) => message(1, nodeProto(node))),
    text(2, 'drawn'),
    ...Object.entries(constants).map(([name, { shape, values }]) =>
      message(5, [
        ...shape.map((length) => number(1, length)),
        number(2, float),
        text(8, name),
        bytes(9, Buffer.from(Float32Array.from(values).buffer)),
      ]),
    ),
    ...inputs.map((value) => message(11, valueProto(value))),
    ...outputs.map((value) => message(12, valueProto(value))),
  ]
  return Buffer.concat([
    number(1, 6),
    text(6, '.'.repeat(about)),
    message(7, graph),
    message(8, [text(1, ''), number(2, 11)]),
  ])
}

function nodeProto({ operator, inputs, outputs, attributes = {} }: Node): Buffer[] {
  return [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => {
      const isList = typeof value !== 'number'
      const values = isList ? value.map((each) => number(8, each)) : [number(3, value)]
      return message(5, [text(1, name), ...values, number(20, isList ? 7 : 2)])
    }),
  ]
}

function valueProto({ name, type, shape }: Value): Buffer[] {
  const dimensions = shape.map((length) =>
    message(1, [typeof length === 'number' ? number(1, length) : text(2, length)]),
  )
  const tensor = [number(1, type === 'float' ? float : int64), message(2, dimensions)]
  return [text(1, name), message(2, [message(1, tensor)])]
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)])
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value))
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts))
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value])
}

/** Seven bits a byte, the lowest first; negative numbers as 64 bits of two's complement. */
function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value))
  const out: number[] = []
  do {
    const more = rest > 127n
    out.push(Number(rest & 127n) | (more ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(out)
}
