#!/usr/bin/env node
import { exitCodes } from './failure.ts'
import { run } from './run.ts'
import { processTerminal } from './terminal/terminal.ts'

// `lookalike list | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.fine)
})

// Not process.exit(): what is on its way to a pipe would be lost.
process.exitCode = await run(process.argv.slice(2), processTerminal(), process.env)
