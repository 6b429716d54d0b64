import { readFileSync } from 'node:fs'

/** Assembled by `npm run assemble`; which one an engine takes does not show in any result. */
export const kernelFiles = {
  relaxed: new URL('./kernel-relaxed.wasm', import.meta.url),
  plain: new URL('./kernel-plain.wasm', import.meta.url),
}

/** All addresses and strides are bytes in the kernel's memory. */
export interface KernelFunctions {
  readonly memory: WebAssembly.Memory
  gather(from: number, row: number, to: number, count: number): void
  pointwise(
    x: number,
    stride: number,
    weights: number,
    bias: number,
    scales: number,
    y: number,
    out: number,
    pixels: number,
    inputs: number,
    channels: number,
  ): void
  project(
    x: number,
    stride: number,
    weights: number,
    bias: number,
    scales: number,
    y: number,
    out: number,
    pixels: number,
    inputs: number,
    channels: number,
    added: number,
    addedStride: number,
  ): void
  products(
    x: number,
    stride: number,
    weights: number,
    y: number,
    out: number,
    pixels: number,
    inputs: number,
    channels: number,
  ): void
  depthwise3(...rowsThenRest: number[]): void
  depthwise5(...rowsThenRest: number[]): void
}

export type KernelName = keyof typeof kernelFiles

/** The fastest kernel that this engine takes: relaxed SIMD where it is there. */
export function fastestKernel(): KernelName {
  return WebAssembly.validate(readFileSync(kernelFiles.relaxed)) ? 'relaxed' : 'plain'
}

/** @param bytes of memory, all zero at first */
export function openKernel(name: KernelName, bytes: number): KernelFunctions {
  const module = new WebAssembly.Module(readFileSync(kernelFiles[name]))
  const functions = new WebAssembly.Instance(module).exports as unknown as KernelFunctions
  functions.memory.grow(Math.ceil(bytes / 65536))
  return functions
}
