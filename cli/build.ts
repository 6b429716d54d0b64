import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackage } from '../sdk/build.ts'

buildPackage(import.meta.dirname, { bin: { lookalike: 'src/main.js' } })
chmodSync(join(import.meta.dirname, 'dist/src/main.js'), 0o755)
