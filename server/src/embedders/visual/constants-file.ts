import { createHash } from 'node:crypto'

const magic = 'LKVC'

const types = { f32: Float32Array, i8: Int8Array, i16: Int16Array, i32: Int32Array }
type TypeName = keyof typeof types
export type Tensor = Float32Array | Int8Array | Int16Array | Int32Array

/**
 * Learned constants as one file: `LKVC`, the header's length (uint32, little-endian), a JSON header,
 * then the tensors end to end, little-endian, in the header's order.
 */
export interface Constants {
  /** What they are for, e.g. `visual:1@1164`: a file made for another version is refused. */
  readonly id: string
  /** How they were made, for people. */
  readonly record: Readonly<Record<string, string | number>>
  readonly tensors: Readonly<Record<string, Tensor>>
}

interface Header {
  id: string
  record: Record<string, string | number>
  sha256: string
  tensors: { name: string; type: TypeName; length: number }[]
}

export function encodeConstants({ id, record, tensors }: Constants): Buffer {
  const entries = Object.entries(tensors)
  const payload = Buffer.concat(
    entries.map(([, { buffer, byteOffset, byteLength }]) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  )
  const header: Header = {
    id,
    record,
    sha256: sha256(payload),
    tensors: entries.map(([name, data]) => ({
      name,
      type: typeOf(data),
      length: data.length,
    })),
  }
  const json = Buffer.from(JSON.stringify(header))
  const start = Buffer.alloc(8)
  start.write(magic, 'latin1')
  start.writeUInt32LE(json.length, 4)
  return Buffer.concat([start, json, payload])
}

/**
 * Reads what {@link encodeConstants} wrote.
 *
 * @param expected the id the constants must be made for
 * @throws Error when the bytes are damaged, cut short, or made for another version: vectors computed
 * with them would silently match nothing that is stored.
 */
export function decodeConstants(bytes: Buffer, expected: string): Constants {
  if (bytes.toString('latin1', 0, 4) !== magic || bytes.length < 8) throw damaged('not such a file')
  const start = 8 + bytes.readUInt32LE(4)
  if (start > bytes.length) throw damaged('cut short')
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Header
  if (header.id !== expected) throw damaged(`made for ${header.id}, not ${expected}`)
  const payload = bytes.subarray(start)
  if (sha256(payload) !== header.sha256) throw damaged('its checksum differs')
  const tensors: Record<string, Tensor> = {}
  let offset = 0
  for (const { name, type, length } of header.tensors) {
    const Type = types[type]
    // A copy, because a view of longer numbers needs an aligned start.
    const own = new Uint8Array(
      payload.subarray(offset, (offset += length * Type.BYTES_PER_ELEMENT)),
    )
    tensors[name] = new Type(own.buffer)
  }
  return { id: header.id, record: header.record, tensors }
}

function typeOf(tensor: Tensor): TypeName {
  const names = Object.keys(types) as TypeName[]
  return names.find((name) => tensor instanceof types[name])!
}

/** @throws Error when the file lacks it, or has it in another form */
export function tensorNamed<T extends Tensor>(
  { tensors }: Constants,
  name: string,
  type: new () => T,
): T {
  const tensor = tensors[name]
  if (!(tensor instanceof type)) throw damaged(`it lacks ${name}`)
  return tensor
}

function damaged(how: string): Error {
  return new Error(
    `The visual embedder's constants cannot be used (${how}): restore the file from the release, ` +
      `or make it anew: docs/retrieval-quality.md says how.`,
  )
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
