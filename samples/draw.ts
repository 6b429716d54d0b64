import { availableParallelism } from 'node:os'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderSample } from './src/render.ts'
import { samples } from './src/samples.ts'

const folder = process.argv[2]
if (!folder) {
  console.error('Usage: node samples/draw.ts <folder>')
  process.exit(2)
}

await mkdir(folder, { recursive: true })
const waiting = samples.values()

/** Every worker takes the next sample from the one iterator until none is left. */
async function drawAll(into: string): Promise<void> {
  for (const sample of waiting) await writeFile(join(into, sample.file), await renderSample(sample))
}

await Promise.all(Array.from({ length: availableParallelism() }, () => drawAll(folder)))
console.log(`Drew ${samples.length} sample pictures.`)
