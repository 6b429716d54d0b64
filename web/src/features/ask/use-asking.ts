import { useEffect, useState } from 'react'
import type { Filter } from '@lookalike/sdk'
import { asksSomething, keyOf, withPart, withWords, type Part } from '../../address/parts.ts'
import { askedBy, noQuestion, type Question } from '../../address/question.ts'
import { cameBack, useQuestion } from '../../address/use-question.ts'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { keysOf } from './asked-parts.ts'
import { chooseFiles } from './pictures/choose-files.ts'
import { keepFile } from './pictures/chosen-files.ts'
import { isLink, type PictureQuery } from './query.ts'
import { useSettings } from './narrowing/settings.ts'
import { useAddressSearch } from './search/use-address-search.ts'
import type { Taken } from './pictures/use-incoming-pictures.ts'

/** A picture that is shown beside a question without being asked about. */
interface Beside {
  query: PictureQuery
  /** The parts it is shown with. */
  parts: string
}

export type Asking = ReturnType<typeof useAsking>

/** More results than this were asked for by looking further down, which the next question does not go on with. */
const atFirst = 100

/**
 * The question that is in the address, what is found for it, and how it is changed.
 *
 * @param onEnd told when a search came to its end
 */
export function useAsking(onEnd: () => void) {
  const { ask: t, format } = useStrings()
  const { client, library, refuse } = useServer()
  const [question, go] = useQuestion()
  const { parts } = question
  const [notice, setNotice] = useState('')
  const [shownBeside, setBeside] = useState<Beside | null>(null)
  const search = useAddressSearch(client, question, {
    onQuestion: () => setNotice((notice) => (cameBack() ? '' : notice)),
    onEnd,
  })
  const { state } = search
  const [settings, changeSettings] = useSettings(question, (rest) =>
    go({ ...question, ...rest }, 'replace'),
  )
  const asked = askedBy(question)
  const asks = asksSomething(parts)
  const beside = shownBeside?.parts === keysOf(parts) ? shownBeside.query : null

  const error = state.phase === 'failed' ? state.error : null
  useEffect(() => refuse(error), [refuse, error])

  /** Another question, with the same settings. */
  function ask(what: Partial<Question>) {
    setNotice('')
    const { all, filter, sort, group } = question
    const kept = { all, filter, sort, group, ...settings, limit: Math.min(settings.limit, atFirst) }
    const next = { ...noQuestion, ...kept, ...what }
    // Asked once more, it may be answered otherwise: the library has changed, or more are wanted.
    if (askedBy(next) === asked && asks && state.phase !== 'searching') void search.run(next)
    go(next, askedBy(next) === asked ? 'replace' : 'push')
  }

  function take(taken: readonly Part[], as: Taken) {
    // What results are not to be like waits for something that they are to be like.
    const before = as === 'added' || !asks ? parts : []
    const next = taken.reduce((all, part) => withPart(all, part), before)
    ask({ parts: next })
    const left = new Set([...before, ...taken].map(keyOf)).size - next.length
    if (left > 0) setNotice(t.tooMany(left))
  }

  async function takeFiles(files: File[], as: Taken) {
    const { queries, refused } = chooseFiles(files, library.info?.limits)
    const [alone] = refused
    if (files.length === 1 && alone && as === 'alone') {
      setBeside({ query: alone, parts: '' })
      return ask({})
    }
    const names = await Promise.all(queries.map(({ file }) => keepFile(file)))
    if (names.length > 0) take(names.map(pictureNamed), as)
    const [reason] = refused
    if (reason) {
      setNotice(t.leftOut(format.list(refused.map(({ file }) => file.name)), reason.advice(t, format))) // prettier-ignore
    }
  }

  const takeLink = (url: string, as: Taken) => take([pictureNamed(url)], as)

  function takeTyped(words: string) {
    if (isLink(words)) takeLink(words, 'alone')
    else ask({ parts: withWords(parts, words) })
  }

  /** Another name in the place of a word, in whichever part says it. */
  function replaceWord(word: string, name: string) {
    const said = parts.map((part) => {
      const at = part.kind === 'words' ? part.value.toLowerCase().indexOf(word.toLowerCase()) : -1
      if (at === -1) return part
      const { value } = part
      return { ...part, value: value.slice(0, at) + name + value.slice(at + word.length) }
    })
    ask({ parts: said })
  }

  /** Words that were made of a picture stand in for it; it is still seen. */
  function askWithWords(words: string, picture: PictureQuery | null) {
    if (picture) setBeside({ query: picture, parts: keysOf(withWords([], words)) })
    ask({ parts: withWords([], words) })
  }

  /** The same question, or the file that waits beside it, with nothing written beside it. */
  async function searchAgain() {
    if (beside?.kind === 'file') take([pictureNamed(await keepFile(beside.file))], 'alone')
    else if (!asks) setNotice(t.chooseFirst)
    else if (state.phase !== 'searching') ask({ parts })
  }

  /** The same question otherwise narrowed, ordered or judged. */
  function change(what: Partial<Question>) {
    go({ ...question, ...what }, 'push')
  }

  function narrow(filter: Filter | null) {
    setNotice('')
    change({ filter })
  }

  function clear() {
    setBeside(null)
    ask({})
  }

  function cancel() {
    const before = search.cancel()
    setNotice(t.cancelled)
    go(before.phase === 'idle' ? { ...noQuestion, ...settings } : before.question, 'replace')
  }

  return {
    question,
    /** What of the question decides what is found. */
    asked,
    /** Whether there is anything to search for. */
    asks,
    /** A picture that is shown beside the question without being asked about. */
    beside,
    search,
    settings,
    changeSettings,
    notice,
    setNotice,
    ask,
    take,
    takeFiles,
    takeLink,
    takeTyped,
    replaceWord,
    askWithWords,
    searchAgain,
    change,
    narrow,
    clear,
    cancel,
  }
}

function pictureNamed(value: string): Part {
  return { kind: 'picture', value, less: false }
}
