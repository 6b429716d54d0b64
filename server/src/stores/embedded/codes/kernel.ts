import { readFileSync } from 'node:fs'

export interface Kernel {
  readonly memory: WebAssembly.Memory
  /** Addresses are bytes in the memory; see estimate.wat. */
  estimate(
    list: number,
    count: number,
    query: number,
    planes: number,
    words: number,
    bits: number,
    half: number,
    rest: number,
    out: number,
  ): void
}

// Measured: 33 to 120 ns a code, where the same loops in JavaScript have no instruction that counts bits.
const module = new WebAssembly.Module(readFileSync(new URL('./estimate.wasm', import.meta.url)))

export function openKernel(): Kernel {
  return new WebAssembly.Instance(module).exports as unknown as Kernel
}
