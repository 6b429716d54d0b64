import type {
  Client,
  QuestionOptions,
  QuestionPart,
  QuestionResponse,
  SearchResponse,
  StageEvent,
} from '@lookalike/sdk'
import { asksSeveral } from '../../../address/parts.ts'
import type { Question } from '../../../address/question.ts'
import { connect } from '../../../connect.ts'
import { areJudged, judgedIn } from '../../feedback/judged.ts'
import type { Query } from '../query.ts'
import { uploadingFetch } from './uploading-fetch.ts'

/** What was found so far. */
export interface Answer {
  /** As the first answer was, with all results there are by now. */
  response: SearchResponse
  /** Null where none were asked for. */
  groups: QuestionResponse['groups']
  /** What was made of each part; null where there was only one. */
  parts: QuestionResponse['parts'] | null
  /** Where more begins; null: there is no more. */
  next: number | null
}

export interface Asking {
  client: Client
  question: Question
  /** What its parts stand for. */
  queries: readonly Query[]
  signal: AbortSignal
  onStage: (event: StageEvent) => void
  /** Told the share of the pictures from outside that has left, 0 to 1. */
  onSent: (share: number) => void
}

/** The most that are answered at once, and how deep one can look. */
const page = 100
const deepest = 1000
/** Of each group. Whoever wants more of one narrows to it. */
const groupSize = 6
/** Of these the first of each group are found, where results are sorted. */
const amongGroups = 200

/** What a part counts that results are to be unlike: at 1 they are unlike everything that it has in common with the others. */
const less = -0.5
/** Where only names are understood their scores with pictures are low, and beside a picture a name would move nothing. */
const nameBesidePictures = 2

/**
 * As many results as the question shows, or groups; those that are there already are not asked for again.
 *
 * @param before what was found for the same question
 */
export async function ask(asking: Asking, before: Answer | null): Promise<Answer> {
  const { question } = asking
  let answer = isAskedWhole(question) ? null : before
  while (!answer || (answer.next !== null && countOf(answer) < question.limit)) {
    const more = await askPage(asking, answer)
    answer = answer ? joined(answer, more) : more
  }
  return answer
}

/** Of groups, or where none were asked for of results. */
export function countOf({ groups, response }: Answer): number {
  return groups ? groups.length : response.results.length
}

async function askPage(asking: Asking, before: Answer | null): Promise<Answer> {
  const { question, queries, signal, onStage } = asking
  // Pictures from outside are sent again with every page: rather few and long ones.
  const limit = before ? page : Math.min(page, question.limit)
  const options = {
    limit,
    ...(question.filter ? { filter: question.filter } : {}),
    signal,
    // What takes no time has no stages, and its answer can be kept.
    ...(!before && queries.some(({ kind }) => takesTime(kind)) ? { onStage } : {}),
  }
  if (!before && isPlain(question)) {
    const response = await askPlainly(asking, options)
    const { length } = response.results
    // What is named so may be none of the nearest, and the next page is of these.
    const nearest = response.results.filter(({ found_by }) => found_by !== 'words').length
    return { response, groups: null, parts: null, next: length === limit ? nearest : null }
  }
  const offset = before?.next ?? 0
  const response = await clientFor(asking).search(await partsOf(asking), {
    ...options,
    offset,
    ...combinedAs(question),
    ...orderOf(question),
  })
  const next = response.next_offset
  return {
    response,
    groups: response.groups,
    parts: response.parts.length > 1 ? response.parts : null,
    next: next !== null && next <= deepest ? next : null,
  }
}

/** Whether more cannot be added to what was found: all that are shown are put in order, and what is named so comes first. */
function isAskedWhole({ parts, sort, group, limit }: Question): boolean {
  const areWords = parts.length === 1 && parts[0]!.kind === 'words'
  return sort !== null || (areWords && group === '' && limit <= page)
}

/** How its parts are one question; judgements move a sum, and there is none of parts that each count by themselves. */
export function combinedAs(question: Question): Pick<QuestionOptions, 'combine' | 'feedback'> {
  if (isOfAll(question)) return { combine: 'all' }
  return areJudged(question) ? { feedback: judgedIn(question) } : {}
}

/** Whether each of its parts is to be matched. */
export function isOfAll({ all, parts }: Question): boolean {
  return all && asksSeveral(parts)
}

function orderOf({ sort, group, limit }: Question): QuestionOptions {
  return {
    ...(group ? { groupBy: group, groupSize } : {}),
    ...(sort ? { sort, among: group ? amongGroups : Math.min(deepest, limit) } : {}),
  }
}

function takesTime(kind: Query['kind']): boolean {
  return kind === 'file' || kind === 'link'
}

/** Whether one of the calls for a single picture, or for words, answers the same. */
function isPlain(question: Question): boolean {
  const { parts, sort, group } = question
  return parts.length === 1 && sort === null && group === '' && !areJudged(question)
}

function askPlainly(asking: Asking, options: QuestionOptions): Promise<SearchResponse> {
  const { client, queries } = asking
  const query = queries[0]!
  switch (query.kind) {
    case 'file':
      return clientFor(asking).searchSimilar(query.file, options)
    case 'link':
      return client.searchSimilar(query.url, options)
    case 'stored':
      return client.similarTo(query.id, options)
    case 'text':
      return client.searchText(query.text, options)
  }
}

/** One that tells how much has been sent, where there is anything to send. */
function clientFor({ client, queries, onSent }: Asking): Client {
  const sends = queries.some(({ kind }) => kind === 'file')
  return sends ? connect({ fetch: uploadingFetch(onSent) }) : client
}

/** The parts of a question as the API takes them. */
export async function partsOf({
  client,
  question,
  queries,
  signal,
}: Pick<Asking, 'client' | 'question' | 'queries' | 'signal'>): Promise<QuestionPart[]> {
  const isMixed = new Set(queries.map(({ kind }) => kind === 'text')).size > 1
  const onlyNames = isMixed && (await client.info({ signal })).embedder.text === 'names'
  return queries.map((query, at) => {
    const words = query.kind === 'text' && onlyNames ? nameBesidePictures : 1
    const weight = words * (question.parts[at]!.less ? less : 1)
    switch (query.kind) {
      case 'file':
        return { image: query.file, weight }
      case 'link':
        return { url: query.url, weight }
      case 'stored':
        return { id: query.id, weight }
      case 'text':
        return { text: query.text, weight }
    }
  })
}

function joined(one: Answer, other: Answer): Answer {
  const known = new Set(one.response.results.map(({ id }) => id))
  const results = other.response.results.filter(({ id }) => !known.has(id))
  return {
    ...one,
    response: { ...one.response, results: [...one.response.results, ...results] },
    groups: one.groups && [...one.groups, ...(other.groups ?? [])],
    next: other.next,
  }
}
