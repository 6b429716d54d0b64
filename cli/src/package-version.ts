import { readFileSync } from 'node:fs'

/** This package's own version; the built package keeps its manifest at the same place. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
