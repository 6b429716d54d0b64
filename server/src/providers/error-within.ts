interface Failure {
  /** The HTTP status that it means. */
  readonly status: number
  readonly error: unknown
}

type Json = Record<string, unknown>

/** What servers call failures that may pass, whatever number they give them. */
const passing: [RegExp, number][] = [
  [
    /insufficient[_ ]?quota|rate[_ ]?limit|too[_ ]?many[_ ]?requests|resource[_ ]?exhausted|throttl/i,
    429,
  ],
  [/time[_ ]?(d[_ ]?)?out|deadline/i, 504],
  [/overload|unavailable|server[_ ]?error|internal[_ ]?error|bad[_ ]?gateway|busy|try again/i, 503],
]

/**
 * The error that a body holds although its status says success, as gateways send it once they have begun
 * to answer: under `error`, as `object: "error"`, in the first choice, or a message in place of an answer.
 */
export function errorWithin(text: string): Failure | null {
  // Vectors by the megabyte are not read twice.
  if (!/"(error|errors|message|msg|detail|code)"/.test(text.slice(0, 4096))) return null
  const body = parsed(text)
  const error = body && errorOf(body)
  return error ? { status: statusOf(error, body), error } : null
}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return asObject(Array.isArray(value) ? value[0] : value)
  } catch {
    return null
  }
}

function errorOf(body: Json): unknown {
  const choice = Array.isArray(body['choices']) ? asObject(body['choices'][0]) : null
  const named = [body['error'], choice?.['error'], [body['errors']].flat()[0]].find(isFilled)
  if (named) return named
  if (body['object'] === 'error' || body['type'] === 'error') return body
  const isAnswer = 'choices' in body || 'data' in body
  const says = body['message'] ?? body['msg'] ?? body['detail']
  return !isAnswer && isFilled(says) ? body : null
}

function statusOf(error: unknown, body: Json): number {
  const fields = asObject(error) ?? {}
  const numbers = [
    fields['code'],
    fields['status'],
    fields['status_code'],
    body['code'],
    body['status'],
  ]
  const status = numbers.map(Number).find((number) => number >= 400 && number < 600)
  if (status !== undefined) return Math.trunc(status)
  const words = JSON.stringify(error)
  return passing.find(([pattern]) => pattern.test(words))?.[1] ?? 400
}

function isFilled(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== ''
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null
}
