import type { Strings } from '../../../strings/strings.ts'
import { nameOfQuery, type Query } from '../query.ts'
import type { Found } from './use-search.ts'

/** So many are named; of more than these, it is said how many they are. */
const named = 3

/** What is asked for, in a line. */
export function titleOf({ question, queries }: Found, { results: t, format }: Strings): string {
  const [only] = queries
  if (queries.length === 1 && only?.kind === 'text') return only.text
  const names = (less: boolean) => {
    const all = queries.flatMap((query, at) =>
      question.parts[at]!.less === less ? [inText(query, t)] : [],
    )
    if (all.length <= named) return format.list(all)
    return format.list([...all.slice(0, named - 1), t.namesMore(all.length - named + 1)])
  }
  const unlike = names(true)
  return unlike ? t.likeUnlike(names(false), unlike) : t.like(names(false))
}

function inText(query: Query, t: Strings['results']): string {
  return query.kind === 'text' ? t.quoted(query.text) : nameOfQuery(query)
}
