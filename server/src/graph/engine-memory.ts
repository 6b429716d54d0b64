const pageBytes = 65_536
const memorySection = 5

/**
 * From here on, WebAssembly modules compiled in this thread may have at most so much memory. An engine that
 * asks for more traps, and nothing else in the process notices; measuring the process from outside would
 * blame a query for what others take.
 *
 * @param bytes rounded down to pages of 64 KiB
 */
export function limitWebAssemblyMemory(bytes: number): void {
  const Module = WebAssembly.Module
  WebAssembly.Module = class extends Module {
    constructor(source: BufferSource, options?: object) {
      const view = ArrayBuffer.isView(source)
        ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
        : new Uint8Array(source)
      super(withMaximum(view, Math.floor(bytes / pageBytes)), options)
    }
  }
}

/** The module with that maximum in its memory section (https://webassembly.github.io/spec/core/binary/modules.html). */
function withMaximum(module: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> {
  for (let at = 8; at < module.length;) {
    const [length, body] = readNumber(module, at + 1)
    if (module[at] === memorySection) {
      const [, flagsAt] = readNumber(module, body)
      const [min] = readNumber(module, flagsAt + 1)
      const section = [1, 1, ...asNumber(min), ...asNumber(Math.max(min, maxPages))]
      const parts = [
        module.subarray(0, at),
        Uint8Array.from([memorySection, ...asNumber(section.length), ...section]),
        module.subarray(body + length),
      ]
      return Uint8Array.from(Buffer.concat(parts))
    }
    at = body + length
  }
  throw new Error('the WebAssembly module declares no memory')
}

/** An unsigned LEB128 number, and where what follows it begins. */
function readNumber(bytes: Uint8Array, from: number): [number, number] {
  let value = 0
  for (let at = from, shift = 0; ; at++, shift += 7) {
    value += (bytes[at]! & 0x7f) * 2 ** shift
    if (bytes[at]! < 0x80) return [value, at + 1]
  }
}

function asNumber(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...asNumber(value >>> 7)]
}
