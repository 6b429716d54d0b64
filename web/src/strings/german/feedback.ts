import { counted } from '../counted.ts'
import type { Strings } from '../strings.ts'

const count = counted('de')
const likes = count({ one: '# richtiges Ergebnis', other: '# richtige Ergebnisse' })
const dislikes = count({ one: '# falsches Ergebnis', other: '# falsche Ergebnisse' })

export const feedback: Strings['feedback'] = {
  right: (name) => `${name} ist richtig`,
  wrong: (name) => `${name} ist falsch`,
  titles: { right: 'Richtig: mehr davon', wrong: 'Falsch: weniger davon' },
  moved: (right, wrong) =>
    `Verschoben durch ${[right > 0 && likes(right), wrong > 0 && dislikes(wrong)].filter(Boolean).join(' und ')}.`,
  clear: 'Wie zuvor',
  keeping: 'Urteile über Ergebnisse',
  keep: 'Auf dem Server behalten',
  failed: (why) => `Das Urteil wurde nicht behalten: ${why}`,
}
