import { writeSync } from 'node:fs'
import { openEmbeddedStore } from '../../src/stores/embedded/store.ts'
import { crashLibrary, crashOptions, operationsOf, run } from './crash-operations.ts'

/**
 * A process to be killed: goes through the steps from a number on, and says on its standard output
 * which are acknowledged, one number a line. A pipe keeps what was written to it by the killed.
 */
const [folder, first] = process.argv.slice(2) as [string, string]
const store = await openEmbeddedStore(folder, crashLibrary, crashOptions)
writeSync(1, 'open\n')
for (let step = Number(first); ; step++) {
  await Promise.all(operationsOf(step).map((operation) => run(store, operation)))
  writeSync(1, `${step}\n`)
}
