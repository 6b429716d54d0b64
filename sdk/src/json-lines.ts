import { LookalikeConnectionError } from './errors.ts'

/**
 * Reads an answer of JSON Lines as it arrives.
 *
 * @throws LookalikeConnectionError when the answer breaks off
 */
export async function* readJsonLines<T>(
  response: Response,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  let rest = ''
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const lines = (rest + value).split('\n')
      rest = lines.pop()!
      for (const line of lines) yield JSON.parse(line) as T
    }
    if (rest) yield JSON.parse(rest) as T
  } catch (cause) {
    signal?.throwIfAborted()
    throw new LookalikeConnectionError(
      'The connection to Lookalike was lost before the last line arrived. Try again.',
      { cause },
    )
  } finally {
    reader.cancel().catch(() => {})
  }
}
