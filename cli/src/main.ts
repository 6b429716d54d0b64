#!/usr/bin/env node
import nodeModule from 'node:module'

// Much of a short command's time would go into reading its own source; Node 20 has no such cache.
nodeModule.enableCompileCache?.()
const { exitCodes } = await import('./failure.ts')
const { run } = await import('./run.ts')
const { processTerminal } = await import('./terminal/terminal.ts')

// `lookalike list | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.fine)
})

// Not process.exit(): what is on its way to a pipe would be lost.
process.exitCode = await run(process.argv.slice(2), processTerminal(), process.env)
