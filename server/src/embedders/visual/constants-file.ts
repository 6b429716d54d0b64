import { createHash } from 'node:crypto'

const magic = 'LKVC'

/**
 * Learned constants as one file: `LKVC`, the header's length (uint32, little-endian), a JSON header,
 * then the tensors end to end, little-endian, in the header's order.
 */
export interface Constants {
  /** What they are for, e.g. `visual:1@1164`: a file made for another version is refused. */
  readonly id: string
  /** How they were made, for people. */
  readonly record: Readonly<Record<string, string | number>>
  readonly tensors: Readonly<Record<string, Float32Array | Int8Array>>
}

interface Header {
  id: string
  record: Record<string, string | number>
  sha256: string
  tensors: { name: string; type: 'f32' | 'i8'; length: number }[]
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
      type: data instanceof Int8Array ? 'i8' : 'f32',
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
  const tensors: Record<string, Float32Array | Int8Array> = {}
  let offset = 0
  for (const { name, type, length } of header.tensors) {
    // A copy, because a view of 4-byte numbers needs an aligned start.
    const own = new Uint8Array(
      payload.subarray(offset, (offset += length * (type === 'i8' ? 1 : 4))),
    )
    tensors[name] = type === 'i8' ? new Int8Array(own.buffer) : new Float32Array(own.buffer)
  }
  return { id: header.id, record: header.record, tensors }
}

function damaged(how: string): Error {
  return new Error(
    `The visual embedder's constants cannot be used (${how}): restore the file from the release, ` +
      `or make it anew with "npm run train:visual -- <folder of pictures>".`,
  )
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
