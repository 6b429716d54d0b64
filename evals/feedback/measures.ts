/** A judged picture at its place in a ranking. */
export interface Judged {
  readonly score: number
  readonly isRelevant: boolean
}

/** How well a ranking puts what was found right before what was found wrong. */
export interface Measures {
  /** Average precision, and normalised discounted cumulative gain, of the condensed list. */
  readonly ap: number
  readonly ndcg: number
  readonly bpref: number
}

/**
 * Measures of judged pictures alone. What nobody judged is neither right nor wrong: it is left out of the list, which is then as if the
 * judged ones were all there are (condensed lists: Sakai, Alternatives to bpref, SIGIR 2007). bpref counts for each right picture the share of wrong
 * ones before it (Buckley, Voorhees, Retrieval evaluation with incomplete information, SIGIR 2004, as trec_eval has it).
 *
 * @param judged in any order, at least one of either kind; ties are put in the worst order
 */
export function measuresOf(judged: readonly Judged[]): Measures {
  const ranking = judged.toSorted(
    (a, b) => b.score - a.score || Number(a.isRelevant) - Number(b.isRelevant),
  )
  const relevant = judged.filter(({ isRelevant }) => isRelevant).length
  const bound = Math.min(relevant, judged.length - relevant)
  let [found, wrong, precisions, gain, preferred] = [0, 0, 0, 0, 0]
  for (const [at, { isRelevant }] of ranking.entries()) {
    if (!isRelevant) {
      wrong++
      continue
    }
    found++
    precisions += found / (at + 1)
    gain += discount(at)
    preferred += 1 - Math.min(wrong, bound) / bound
  }
  let ideal = 0
  for (let at = 0; at < relevant; at++) ideal += discount(at)
  return { ap: precisions / relevant, ndcg: gain / ideal, bpref: preferred / relevant }
}

/** Of the place `at`, from 0 (Järvelin, Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002). */
function discount(at: number): number {
  return 1 / Math.log2(at + 2)
}
