export { exitCodes, usageError, CommandError } from './failure.ts'
export { packageVersion } from './package-version.ts'
export { run, type Extension } from './run.ts'
export { processTerminal, type Terminal } from './terminal/terminal.ts'
