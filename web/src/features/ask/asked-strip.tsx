import type { ReactNode } from 'react'
import { keyOf, type Part } from '../../address/parts.ts'
import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import { PartThumb } from './pictures/part-thumb.tsx'
import { nameOfQuery, type Query } from './query.ts'
import './asked-strip.css'

/** A part of the question and what it stands for; null while nobody knows. */
export interface AskedPart {
  part: Part
  query: Query | null
  /** Whether the last search failed for its sake. */
  isBad: boolean
}

interface AskedStripProps {
  asked: readonly AskedPart[]
  /** More like it, or less. */
  onTurn: (part: Part) => void
  onRemove: (part: Part) => void
  /** What else can be done with the question as a whole. */
  children?: ReactNode
}

/** All that is asked for together, each part with its sign, and the way to be rid of it. */
export function AskedStrip({ asked, onTurn, onRemove, children }: AskedStripProps) {
  const t = useStrings().ask
  return (
    <div className="asked-strip" role="group" aria-label={t.asked}>
      <ul className="asked-strip__parts" role="list">
        {asked.map(({ part, query, isBad }) => {
          const name = query ? nameOfQuery(query) : t.aPicture
          return (
            <li key={keyOf(part)} className={classOf(part, isBad)}>
              <button
                type="button"
                className="part__sign"
                aria-pressed={part.less}
                aria-label={t.lessLike(name)}
                title={part.less ? t.turnToMore : t.turnToLess}
                onClick={() => onTurn(part)}
                onKeyDown={(event) => {
                  if (event.key !== 'Delete' && event.key !== 'Backspace') return
                  event.preventDefault()
                  leave(event.currentTarget)
                  onRemove(part)
                }}
              >
                <PartThumb query={query} />
                <Icon name={part.less ? 'minus' : 'plus'} />
                <span className="part__name">{query?.kind === 'text' ? t.quoted(name) : name}</span>
                {isBad && <span className="visually-hidden">{t.isBad}</span>}
              </button>
              <button
                type="button"
                className="part__remove"
                aria-label={t.removePart(name)}
                title={t.removePart(name)}
                onClick={(event) => {
                  leave(event.currentTarget)
                  onRemove(part)
                }}
              >
                <Icon name="close" />
              </button>
            </li>
          )
        })}
      </ul>
      <div className="asked-strip__actions">{children}</div>
    </div>
  )
}

/** The focus goes on to the part beside the one that goes, or to the words. */
function leave(from: HTMLElement): void {
  const item = from.closest('li')
  const next = item?.nextElementSibling ?? item?.previousElementSibling
  const target =
    next?.querySelector<HTMLElement>(`.${from.className}`) ??
    document.querySelector<HTMLElement>('.ask-bar__words')
  target?.focus({ preventScroll: true })
}

function classOf({ less }: Part, isBad: boolean): string {
  return ['part', less ? 'part--less' : '', isBad ? 'part--bad' : ''].filter(Boolean).join(' ')
}
