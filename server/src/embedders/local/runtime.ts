import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { ConfigError } from '../../setting-types.ts'

/** What runs models; installed by whoever wants it, for it takes half a gigabyte. */
const runtimePackage = '@huggingface/transformers'
const runtimeVersion = '4.3.1'

/**
 * The one command that installs it. Scripts are left out: ONNX Runtime's fetches libraries for CUDA, and all that a
 * processor needs is in the package.
 */
export function installCommand(dataDir: string): string {
  return `npm install --prefix "${runtimeFolder(dataDir)}" --ignore-scripts ${runtimePackage}@${runtimeVersion}`
}

function runtimeFolder(dataDir: string): string {
  return join(resolve(dataDir), 'models', 'runtime')
}

/**
 * The library that runs models: in DATA_DIR, or installed beside the server.
 *
 * @returns its file
 * @throws ConfigError with the command that installs it
 */
export function findRuntime(dataDir: string): string {
  const from = [join(runtimeFolder(dataDir), 'package.json'), import.meta.url]
  for (const place of from) {
    try {
      const file = createRequire(place).resolve(runtimePackage)
      assertVersion(file, dataDir)
      return file
    } catch (error) {
      if (error instanceof ConfigError) throw error
    }
  }
  throw new ConfigError(
    `EMBEDDER=local needs a library that is not installed. Install it with\n  ${installCommand(dataDir)}\n` +
      'It takes about 480 MB, and nothing in it runs before a model is loaded.',
  )
}

function assertVersion(file: string, dataDir: string): void {
  const manifest = join(dirname(dirname(file)), 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  if (version.startsWith('4.')) return
  throw new ConfigError(
    `EMBEDDER=local was written for ${runtimePackage} 4, and ${version} is installed. Install the other with\n` +
      `  ${installCommand(dataDir)}`,
  )
}
