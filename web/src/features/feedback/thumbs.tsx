import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import { useJudging } from './judging.ts'
import './thumbs.css'

const kinds = [
  ['relevant', 'right'],
  ['irrelevant', 'wrong'],
] as const

/** Says whether a result is right: the search moves towards it or away. Pressed once more, it is taken back. */
export function Thumbs({ id, name }: { id: string; name: string }) {
  const t = useStrings().feedback
  const judging = useJudging()
  if (!judging) return null
  const said = judging.of(id)
  return (
    <div className="thumbs" data-judged={said !== null || undefined}>
      {kinds.map(([kind, icon]) => (
        <button
          key={kind}
          type="button"
          aria-pressed={said === kind}
          aria-label={t[icon](name)}
          title={t.titles[icon]}
          onClick={() => judging.judge(id, said === kind ? null : kind)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  )
}
