import { LookalikeError } from '../errors.ts'
import { ConfigError } from '../setting-types.ts'
import { explainFolder } from '../data-dir/prepare.ts'

type SystemError = NodeJS.ErrnoException & { port?: number }

/**
 * What to print of an error that ended the start: a line that says what to do. What nobody foresaw is
 * returned as it is.
 */
export function explainStart(error: unknown, { HOST }: { HOST?: string | undefined }): unknown {
  if (error instanceof ConfigError || error instanceof LookalikeError) return error.message
  const { code, syscall, path, port } = error as SystemError
  if (syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo') {
    return explainListening(code, HOST, port)
  }
  return path !== undefined && code !== undefined ? explainFolder(error, path) : error
}

function explainListening(code: string | undefined, host = '', port: number | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT=${port} is taken, perhaps by another Lookalike: stop that one, or set PORT to a free port.`
    case 'EACCES':
      return `PORT=${port} is not for this user: set PORT to 1024 or more, or let the system grant it.`
    case 'EADDRNOTAVAIL':
      return `HOST=${host} is no address of this machine: set HOST to one it has, such as 127.0.0.1, or 0.0.0.0 for all.`
    case 'EAFNOSUPPORT':
      return `HOST=${host} is of a kind that this machine has switched off, such as IPv6: set HOST to another.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NONAME':
      return `HOST=${host} leads to no address: set HOST to an address of this machine, such as 127.0.0.1.`
    default:
      return `HOST=${host} and PORT=${port} cannot be listened on (${code}): set them to others.`
  }
}
