import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run bench -- <name> [options]`: a benchmark is a folder here with a `main.ts`. */
const [name, ...args] = process.argv.slice(2)
const names = readdirSync(import.meta.dirname).filter((entry) =>
  existsSync(join(import.meta.dirname, entry, 'main.ts')),
)

if (!name || !names.includes(name)) {
  console.error(`Usage: npm run bench -- <${names.join(' | ')}> [options]`)
  process.exit(1)
}
const { main } = (await import(`./${name}/main.ts`)) as { main(args: string[]): Promise<void> }
await main(args)
