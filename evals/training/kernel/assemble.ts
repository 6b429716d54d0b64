import { writeFileSync } from 'node:fs'
import openWabt from 'wabt'
import { kernelFiles } from '../../../server/src/embedders/visual/network/kernel.ts'
import { kernelText, type Dot } from './text.ts'

/** The WebAssembly binary of the network's kernel. */
export async function assembleKernel(dot: Dot): Promise<Uint8Array> {
  const wabt = await openWabt()
  const features = { simd: true, relaxed_simd: true }
  const module = wabt.parseWat(`${dot}.wat`, kernelText(dot), features)
  module.validate()
  return module.toBinary({}).buffer
}

if (import.meta.main) {
  for (const dot of ['relaxed', 'plain'] as const) {
    writeFileSync(kernelFiles[dot], await assembleKernel(dot))
  }
}
