import { createHash } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { storageFull } from '../../errors.ts'
import type { Gate } from '../../admission/gate.ts'
import type { Upload } from '../../library/deps.ts'
import type { Room } from '../../data-dir/room.ts'

/** Written at once: handing each chunk that arrives to the disk by itself costs more than hashing it. */
const pieceBytes = 1 << 20
/** Files that are held in memory, all together, while the disk has no room for them. */
const maxHeldBytes = 64e6

/** Where one file is received. */
export interface Receiver {
  /** @param expected bytes at most */
  receive(source: Readable, expected: number): Promise<Omit<Upload, 'filename'>>
  /** Deletes the temporary file, if it still lies there, and gives back what the file took. */
  discard(): Promise<void>
}

/**
 * Makes receivers: small files stay in memory, larger ones go to the disk. One that is full takes none,
 * and yet a picture can be searched for: then they stay in memory as well, as long as they are few.
 *
 * @param turns of large files, see `inTurns`
 * @param assertTurn throws when a file of so many bytes would be turned away once it is here
 */
export function receivers(
  room: Room,
  turns: Gate,
  assertTurn: (bytes: number) => void,
): (path: string) => Receiver {
  let heldBytes = 0

  /** The claim on the disk; null when the file is to be held in memory. */
  function claim(bytes: number): (() => void) | null {
    const release = room.tryClaim(bytes)
    if (!release && heldBytes + bytes > maxHeldBytes) throw storageFull()
    return release
  }

  return (path) => {
    let held = 0
    let written = false
    return {
      async receive(source, expected) {
        const hash = createHash('sha256')
        let file: FileHandle | undefined
        let release: (() => void) | null | undefined
        let writing: Promise<void> = Promise.resolve()
        let bytes = 0
        let piece: Buffer[] = []
        let pieceLength = 0
        try {
          for await (const chunk of inTurns(source as AsyncIterable<Buffer>, turns, () =>
            assertTurn(expected),
          )) {
            hash.update(chunk)
            bytes += chunk.length
            pieceLength += chunk.length
            piece.push(chunk)
            if (pieceLength < pieceBytes || release === null) continue
            if (release === undefined) {
              release = claim(expected)
              if (release === null) {
                held = expected
                heldBytes += held
                continue
              }
              file = await open(path, 'wx')
              written = true
            }
            await writing
            writing = writeWhole(file!, piece, pieceLength)
            // The next piece arrives meanwhile; until that awaits it, a failure is nobody's.
            writing.catch(() => {})
            piece = []
            pieceLength = 0
          }
          await writing
          const sha256 = hash.digest('hex')
          if (!file) return { source: Buffer.concat(piece), bytes, sha256 }
          if (pieceLength > 0) await writeWhole(file, piece, pieceLength)
          return { source: path, bytes, sha256 }
        } finally {
          await file?.close()
          // What was written shows in the room that is left.
          release?.()
        }
      },

      async discard() {
        heldBytes -= held
        held = 0
        // `rm` would look for the file first.
        if (written) await unlink(path).catch(unlessGone)
      },
    }
  }
}

/** Of every file as much is taken at once; most need no turn. */
const atOnceBytes = 1 << 19
/** A sender that stands still for so long lets others have its turn. */
const pauseMs = 200

/**
 * Chunks as they come: a file's beginning at once, and the rest in turns, so that of many large files some are there soon
 * instead of all of them late. What is not read yet waits at its sender.
 */
async function* inTurns(
  source: AsyncIterable<Buffer>,
  turns: Gate,
  assertTurn: () => void,
): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]()
  let bytes = 0
  let hadTurn = false
  let leave: (() => void) | undefined
  try {
    for (;;) {
      const coming = chunks.next()
      const pause = leave && setTimeout(() => (leave = leave?.() as undefined), pauseMs)
      const { done, value } = await coming.finally(() => clearTimeout(pause))
      if (done) return
      bytes += value.length
      if (bytes > atOnceBytes && !leave) {
        leave = await turns.enter({ patient: hadTurn })
        // What was true when it began may have changed while it waited.
        if (!hadTurn) assertTurn()
        hadTurn = true
      }
      yield value
    }
  } finally {
    leave?.()
    await chunks.return?.()
  }
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

async function writeWhole(file: FileHandle, piece: Buffer[], length: number): Promise<void> {
  const { bytesWritten } = await file.writev(piece)
  // Less than all is written where the disk is about to be full; the next write would say so.
  if (bytesWritten < length) throw Object.assign(new Error('a short write'), { code: 'ENOSPC' })
}
