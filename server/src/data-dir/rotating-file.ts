import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs'

/**
 * Lines that are only ever added, in a file and the one before it, which together take no more than
 * they may. A line is in the system's hands when `append` returns: it outlives the process, and several
 * processes may write the same file.
 */
export class RotatingFile {
  readonly #path: string
  readonly #older: string
  readonly #maxBytes: number
  #file: number | null = null

  /** @param path ends in an extension; the older file has `.1` before it */
  constructor(path: string, maxBytes: number) {
    this.#path = path
    this.#older = path.replace(/(\.\w+)$/, '.1$1')
    this.#maxBytes = maxBytes / 2
  }

  /** @param line without its end */
  append(line: string): void {
    const text = `${line}\n`
    const file = this.#current(Buffer.byteLength(text))
    writeSync(file, text)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  /** The file to write to: another where this one is full, or was moved away by somebody else. */
  #current(bytes: number): number {
    const found = statSync(this.#path, { throwIfNoEntry: false })
    if (this.#file !== null && fstatSync(this.#file).ino !== found?.ino) this.close()
    if (found && found.size > 0 && found.size + bytes > this.#maxBytes) {
      this.close()
      renameSync(this.#path, this.#older)
    }
    // What is in it is nobody else's business on this machine.
    this.#file ??= openSync(this.#path, 'a', 0o600)
    return this.#file
  }
}
