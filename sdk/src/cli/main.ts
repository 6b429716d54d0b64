#!/usr/bin/env node
import { CommanderError } from 'commander'
import { CommandError, exitCodes, reasonOf } from './failure.ts'
import { buildProgram } from './program.ts'

// `lookalike list | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.fine)
})

try {
  await buildProgram().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.fine : exitCodes.usage
  } else {
    process.stderr.write(`lookalike: ${reasonOf(error)}\n`)
    process.exitCode = error instanceof CommandError ? error.exitCode : exitCodes.failed
  }
}
