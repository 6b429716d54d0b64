import { LookalikeError } from '../../errors.ts'
import { decodeApart, type Task } from './judge.ts'
import type { Answer } from './apart.ts'
import { limitWasmMemory } from './wasm-memory.ts'

/** What a decoder needs apart from pixels, and for each of them, in bytes: RGBA, planes, and a copy to turn. */
const fixedBytes = 300e6
const bytesPerPixel = 20
let limited = false

/** The process that decodes what the server itself should not: it may be killed at any time. */
process.on('message', (task: Task) => {
  if (!limited) limitWasmMemory(fixedBytes + task.maxMegapixels * 1e6 * bytesPerPixel)
  limited = true
  void answerTo(task).then((answer) => process.send!(answer))
})
process.on('disconnect', () => process.exit())

async function answerTo(task: Task): Promise<Answer> {
  try {
    const pixels = await decodeApart(task)
    return { pixels, memory: process.memoryUsage.rss() }
  } catch (error) {
    const { code, message } =
      error instanceof LookalikeError
        ? error
        : { code: 'internal' as const, message: String(error) }
    return { refusal: { code, message }, memory: process.memoryUsage.rss() }
  }
}
