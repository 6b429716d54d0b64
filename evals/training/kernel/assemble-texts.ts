import { readFileSync, writeFileSync } from 'node:fs'
import openWabt from 'wabt'

const server = new URL('../../../server/src/', import.meta.url)

/** Modules that are written as text; each lies as a binary beside it. */
export const texts = [
  new URL('embedders/visual/visual-2/kernel/dot-products.wat', server),
  new URL('stores/embedded/codes/estimate.wat', server),
]

export function binaryOf(text: URL): URL {
  return new URL(text.href.replace(/\.wat$/, '.wasm'))
}

export async function assemble(text: URL): Promise<Uint8Array> {
  const wabt = await openWabt()
  const module = wabt.parseWat(text.pathname, readFileSync(text, 'utf8'), { simd: true })
  module.validate()
  return module.toBinary({}).buffer
}

if (import.meta.main) {
  for (const text of texts) writeFileSync(binaryOf(text), await assemble(text))
}
