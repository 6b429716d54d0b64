import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackage } from '../sdk/build.ts'

buildPackage(import.meta.dirname, { bin: { lookalike: 'main.js' } })
chmodSync(join(import.meta.dirname, 'dist/main.js'), 0o755)
