import envPaths from 'env-paths'

/**
 * Where the installed program keeps a library, unless it is told: of the person and not of the folder that
 * they happen to be in, or the same command would show another library elsewhere.
 */
export function libraryFolder(): string {
  return envPaths('lookalike', { suffix: '' }).data
}

/** Of the demo: samples never mix with anyone's pictures. */
export function demoFolder(): string {
  return envPaths('lookalike-demo', { suffix: '' }).data
}
