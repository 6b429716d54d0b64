#!/usr/bin/env node
import nodeModule from 'node:module'
import { restartQuietly } from './quiet.ts'
import { isSupportedNode } from './supported-node.ts'

// Before anything is loaded that an older Node has not heard of.
if (!isSupportedNode(process.versions.node)) {
  process.stderr.write(
    `lookalike: Node ${process.versions.node} cannot run this; it takes 22.19 or newer, but not 23. ` +
      'Get a newer one, at nodejs.org or with your system, and start again.\n',
  )
  process.exit(2)
}

const args = process.argv.slice(2)
restartQuietly(args)

// Much of a short command's time would go into reading its own source.
nodeModule.enableCompileCache?.()
const { exitCodes, processTerminal, run } = await import('@lookalike/cli')
const { serverCommands } = await import('./program.ts')

// `lookalike list | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.fine)
})

// Not process.exit(): what is on its way to a pipe would be lost.
process.exitCode = await run(args, processTerminal(), process.env, await serverCommands(args))
