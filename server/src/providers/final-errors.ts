import type { APIError } from 'openai'

const unpaid =
  /insufficient[_ ](quota|balance|funds|credits?)|exceeded your current quota|billing|payment[_ ]required|(out of|not enough|no) credits?\b|credit balance|quota (is )?(used up|exhausted)/i
const filtered = /content[_ ]?(filter|policy)|responsible ?ai|safety system|moderation/i

/** The account has no money left: asking again costs time and changes nothing. */
export function isQuotaUsedUp(error: APIError): boolean {
  if (error.status === 402) return true
  if (error.status !== 429 && error.status !== 403 && error.status !== 400) return false
  const words = wordsOf(error)
  // Google words its limits per minute as a used-up quota, too.
  return unpaid.test(words) && !/RESOURCE_EXHAUSTED/.test(words)
}

/** The provider's own filter refused the picture or the text. */
export function isFiltered(error: APIError): boolean {
  return error.status !== undefined && error.status < 500 && filtered.test(wordsOf(error))
}

/** Errors that are about neither the request's form nor a passing state. */
export function isFinal(error: APIError): boolean {
  const code = String(error.code ?? '')
  return (
    isQuotaUsedUp(error) || isFiltered(error) || /context_length|model_not|invalid_image/.test(code)
  )
}

function wordsOf(error: APIError): string {
  return `${error.code ?? ''} ${error.type ?? ''} ${error.message} ${JSON.stringify(error.error ?? '')}`
}
