import { readFileSync, writeFileSync } from 'node:fs'
import openWabt from 'wabt'

const source = new URL(
  '../../../server/src/embedders/visual/visual-2/kernel/dot-products.wat',
  import.meta.url,
)
export const binary = new URL(
  '../../../server/src/embedders/visual/visual-2/kernel/dot-products.wasm',
  import.meta.url,
)

/** The WebAssembly binary of `dot-products.wat`. */
export async function assemble(): Promise<Uint8Array> {
  const wabt = await openWabt()
  const module = wabt.parseWat('dot-products.wat', readFileSync(source, 'utf8'), { simd: true })
  module.validate()
  return module.toBinary({}).buffer
}

if (import.meta.main) writeFileSync(binary, await assemble())
