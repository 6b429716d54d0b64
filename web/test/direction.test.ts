import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const source = join(import.meta.dirname, '../src')

/** What names a side rather than the start or end of a line. */
const sided =
  /^(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|left|right|border-(?:top|bottom)-(?:left|right)-radius|float|clear)\s*:|:\s*(?:left|right);|to (?:left|right),/
const fourSides = /^(?:margin|padding|inset|border-width|border-radius):\s*([^;]*);/

/** These follow a picture, a place on the map or a mouse, none of which turn with the writing. */
const pictures = [
  'features/map/map.css: left: calc(var(--side) / -2);',
  'features/map/map.css: left: 0;',
  'features/library/wall/wall.css: left: var(--gutter);',
  'features/ask/pictures/crop-dialog.css: inset: -1.375rem auto auto -1.375rem;',
  'features/ask/pictures/crop-dialog.css: inset: auto -1.375rem -1.375rem auto;',
]

test('layouts begin where lines begin, from the left or from the right', async () => {
  const found: string[] = []
  for await (const file of glob('**/*.css', { cwd: source })) {
    const text = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
    for (const [, selector, body] of text.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
      const declarations = body!.split('\n').map((line) => line.trim())
      // A rule that has a counterpart for the other direction says so.
      const turned =
        text.includes(`[dir='rtl'] ${selector!.trim()}`) || selector!.includes("[dir='rtl']")
      for (const declaration of declarations) {
        if (isSided(declaration) && !turned) found.push(`${file}: ${declaration}`)
      }
    }
  }
  expect(found.toSorted()).toEqual(pictures.toSorted())
})

function isSided(declaration: string): boolean {
  if (sided.test(declaration)) return true
  const values = fourSides.exec(declaration)?.[1]?.match(/(?:[^\s(]|\([^)]*\))+/g)
  return values?.length === 4 && values[1] !== values[3]
}
