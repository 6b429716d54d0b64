const pageBytes = 65_536
let denied = false

/** Decoders in WebAssembly get no more memory than this, in bytes; call it once, before any is loaded. */
export function limitWasmMemory(maxBytes: number): void {
  // oxlint-disable-next-line typescript/unbound-method
  const { grow } = WebAssembly.Memory.prototype
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * pageBytes > maxBytes) {
      denied = true
      throw new RangeError('No more memory is given to a decoder.')
    }
    return grow.call(this, pages)
  }
}

/** Whether a decoder has asked for more than it may have since this was last asked. */
export function memoryDenied(): boolean {
  const was = denied
  denied = false
  return was
}
