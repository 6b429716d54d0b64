import type { WhyResponse } from '@lookalike/sdk'
import { explain } from '../../components/failure.tsx'
import { useStrings } from '../../strings/strings.ts'
import { Icon } from '../../components/icon.tsx'
import { Changes } from '../../components/changes.tsx'
import type { AskedFor, Found } from './looked.ts'
import type { Loaded } from './use-loaded.ts'

interface WhyProps {
  result: Found
  /** Why there is nothing to compare it with; null where there is. */
  without: string | null
  parts: readonly AskedFor[]
  against: string | null
  loaded: Loaded<WhyResponse>
  heat: boolean
  onHeat: (shown: boolean) => void
  onRetry: () => void
}

/** How alike it is to what was asked for, and what both share, as far as the server can say. */
export function Why(props: WhyProps) {
  const { result, without, parts, against, loaded, heat, onHeat, onRetry } = props
  const strings = useStrings()
  const { format, results } = strings
  const t = strings.lightbox.why
  const { score, match, change, changes } = result
  return (
    <section className="panel__part" aria-label={t.title}>
      <h3 className="eyebrow">{t.title}</h3>
      <p className="why__likeness">
        {match ? results.match[match] : format.percent(score)}
        <span className="why__score">{t.cosine(format.score(score))}</span>
      </p>
      {change !== null && (
        <p>
          {t.change} <Changes change={change} changes={changes} />
        </p>
      )}
      {parts.length > 1 && result.part_scores && (
        <Parts parts={parts} scores={result.part_scores} />
      )}
      {parts.length > 1 && against !== null && without === null && (
        <p className="why__note">{t.against(against)}</p>
      )}
      {without !== null && <p className="why__note">{without}</p>}
      {loaded.state === 'loading' && (
        <p className="why__note" role="status">
          {t.comparing}
        </p>
      )}
      {loaded.state === 'failed' && (
        <div className="why__failed">
          <p role="alert">{explain(loaded.error, strings.frame).detail}</p>
          <button type="button" className="button" onClick={onRetry}>
            {strings.frame.failure.again}
          </button>
        </div>
      )}
      {loaded.state === 'known' && <Shared why={loaded.value} heat={heat} onHeat={onHeat} />}
    </section>
  )
}

interface PartsProps {
  parts: readonly AskedFor[]
  scores: readonly number[]
}

/** How alike it is to each thing that was asked for. */
function Parts({ parts, scores }: PartsProps) {
  const { lightbox, format } = useStrings()
  return (
    <dl className="why__parts">
      {parts.map(({ name, less }, at) => {
        const score = scores[at] ?? 0
        return (
          <div key={`${at} ${name}`}>
            <dt className="why__part" title={name}>
              {less && <Icon name="minus" />}
              {less && <span className="visually-hidden">{lightbox.why.unlike}</span>}
              {name}
            </dt>
            <dd>
              <span className="why__bar" style={{ '--share': Math.max(0, Math.min(1, score)) }} />
              {format.hundredths(score)}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

interface SharedProps {
  why: WhyResponse
  heat: boolean
  onHeat: (shown: boolean) => void
}

function Shared({ why, heat, onHeat }: SharedProps) {
  const { lightbox, format } = useStrings()
  const t = lightbox.why
  const { parts, map, no_parts, words, no_words } = why
  return (
    <>
      {parts && (
        <dl className="why__parts">
          {(['names', 'colours', 'texture', 'layout'] as const).map((part) => (
            <div key={part}>
              <dt>{t.parts[part]}</dt>
              <dd>
                <span className="why__bar" style={{ '--share': parts[part] }} />
                {format.percent(parts[part])}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {map && (
        <label className="why__heat">
          <input
            type="checkbox"
            checked={heat}
            onChange={({ currentTarget }) => onHeat(currentTarget.checked)}
          />
          {t.where}
        </label>
      )}
      {no_parts !== null && <p className="why__note">{no_parts}</p>}
      {words && words.length > 0 && (
        <p className="why__words">
          {t.words} <span>{words.join(', ')}</span>
        </p>
      )}
      {no_words !== null && no_words !== no_parts && <p className="why__note">{no_words}</p>}
    </>
  )
}
