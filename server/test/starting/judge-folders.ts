import { explainStart } from '../../src/starting/explain.ts'
import { settle } from '../../src/starting/settle.ts'

/** A program: what a start over each of these folders would print, for whoever runs it. */
for (const DATA_DIR of process.argv.slice(2)) {
  try {
    settle(() => ({ DATA_DIR }))
    process.stdout.write('It would go on.\n')
  } catch (error) {
    process.stdout.write(`${String(explainStart(error, {}))}\n`)
  }
}
