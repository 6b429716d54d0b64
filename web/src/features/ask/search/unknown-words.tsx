import type { LookalikeApiError } from '@lookalike/sdk'
import { useStrings } from '../../../strings/strings.ts'

type Unknown = NonNullable<LookalikeApiError['problem']['words']>

interface UnknownWordsProps {
  words: Unknown
  /** Asks with another name in the place of a word. */
  onInstead: (word: string, name: string) => void
}

/** Which words of a text nobody knows here, and the names that may have been meant. */
export default function UnknownWords({ words, onInstead }: UnknownWordsProps) {
  const { ask, format } = useStrings()
  const t = ask.unknownWords
  const said = words.map(({ word }) => ask.quoted(word.toLowerCase()))
  const names = words.flatMap(({ word, nearest }) => nearest.map((name) => ({ word, name })))
  return (
    <section className="failure">
      <p className="failure__detail" role="alert">
        {t.lead} {format.list(said)}.
      </p>
      {names.length > 0 && (
        <>
          <p className="eyebrow unknown-words__perhaps">{t.perhaps}</p>
          <ul className="chips" role="list">
            {names.map(({ word, name }) => (
              <li key={`${word} ${name}`}>
                <button
                  type="button"
                  className="chip"
                  aria-label={t.instead(name)}
                  onClick={() => onInstead(word, name)}
                >
                  {name}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
