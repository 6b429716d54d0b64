/** Each loads the server's databases. */
const commands = ['serve', 'demo', 'doctor', 'backup', 'restore']
const flag = '--disable-warning=ExperimentalWarning'

/**
 * Makes this process begin again without warnings that a release of Node before 26 has for its SQLite, once for each
 * thread and process: nobody who runs a server can act on them. Windows cannot do this, and shows them.
 *
 * @param args those of the program; what another command is given may be named so, and loses some milliseconds
 */
export function restartQuietly(args: readonly string[]): void {
  const { argv, env, execArgv, execPath, platform, versions } = process
  const options = env['NODE_OPTIONS'] ?? ''
  const isNewer = Number(versions.node.split('.')[0]) >= 26
  if (isNewer || platform === 'win32' || options.includes(flag)) return
  if (!args.some((arg) => commands.includes(arg))) return
  // By the environment, which other processes of ours have too.
  process.execve!(execPath, [execPath, ...execArgv, ...argv.slice(1)], {
    ...env,
    NODE_OPTIONS: `${options} ${flag}`.trim(),
  })
}
