/** Why each: docs/decisions/0026 and 0028. */
const heapFlags = ['--max-semi-space-size=4', '--heap-growing-percent=100']

/**
 * Makes this process begin again with the flags that V8's heap should have, unless it has them. V8 reads
 * them as it starts only, and `NODE_OPTIONS` does not take them all. The process id stays, and no second
 * process stands between the server and its signals. Windows cannot do this: there V8 keeps its defaults.
 *
 * Call it before the server is imported: what was loaded is loaded again.
 */
export function restartWithHeapFlags(): void {
  const { argv, env, execArgv, execPath, platform } = process
  if (platform === 'win32' || heapFlags.every((flag) => execArgv.includes(flag))) return
  process.execve!(execPath, [execPath, ...execArgv, ...heapFlags, ...argv.slice(1)], env)
}
