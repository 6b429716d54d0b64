/** The protocol by which a terminal shows a picture. */
export type Graphics = 'kitty' | 'iterm2'

/** The box that pictures fit into, in character cells; a cell is about twice as high as wide. */
const box = { columns: 24, rows: 6 }
/** The kitty protocol takes no more in one sequence. */
const chunkLength = 4096

/**
 * What a stream's terminal understands, as far as the environment says; null where that is nothing.
 * Never asks the terminal itself: one that does not know the question would print it.
 */
export async function detectGraphics(stream: { isTTY?: boolean }): Promise<Graphics | null> {
  if (!stream.isTTY) return null
  const { TMUX, STY, TERM = '' } = process.env
  // Those stand between us and a terminal whose traits they have inherited, and pass no pictures on.
  if (TMUX || STY || /^(dumb|screen|tmux)/.test(TERM)) return null
  const { createSupportsTerminalGraphics } = await import('supports-terminal-graphics')
  const { kitty, iterm2 } = createSupportsTerminalGraphics(stream)
  return kitty ? 'kitty' : iterm2 ? 'iterm2' : null
}

/**
 * The sequence that shows a PNG where the cursor is, at most 24 columns by 6 rows.
 *
 * Sources: https://sw.kovidgoyal.net/kitty/graphics-protocol/ and https://iterm2.com/documentation-images.html
 *
 * @param aspect width by height
 */
export function drawPng(graphics: Graphics, png: Uint8Array, aspect: number): string {
  const data = Buffer.from(png).toString('base64')
  return graphics === 'kitty' ? drawWithKitty(data, aspect) : drawWithIterm(data, png.length)
}

function drawWithKitty(data: string, aspect: number): string {
  const size = aspect > box.columns / (2 * box.rows) ? `c=${box.columns}` : `r=${box.rows}`
  const chunks = data.match(new RegExp(`.{1,${chunkLength}}`, 'g')) ?? []
  return chunks
    .map((chunk, at) => {
      // Transmit and show a PNG (f=100, a=T), without an answer (q=2) that would land at the prompt.
      const control = at === 0 ? `f=100,a=T,q=2,${size},` : 'q=2,'
      return `\x1b_G${control}m=${at < chunks.length - 1 ? 1 : 0};${chunk}\x1b\\`
    })
    .join('')
}

function drawWithIterm(data: string, bytes: number): string {
  const { columns, rows } = box
  return `\x1b]1337;File=inline=1;size=${bytes};width=${columns};height=${rows};preserveAspectRatio=1:${data}\x07`
}
