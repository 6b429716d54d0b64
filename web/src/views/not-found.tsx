import { Link } from 'wouter'
import { useTitle } from '../frame/use-title.ts'
import { useStrings } from '../strings/strings.ts'

export function NotFound() {
  const t = useStrings().frame.notFound
  useTitle(t.title)
  return (
    <div className="view">
      <h2 className="view__title">{t.title}</h2>
      <p>{t.detail}</p>
      <Link className="button" href="/">
        {t.back}
      </Link>
    </div>
  )
}
