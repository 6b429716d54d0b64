/** Shorter ones are words that would vanish from every sentence. */
const minLength = 8
/** Users with their passwords in addresses, and keys and signing secrets that Lookalike makes. */
const known = String.raw`(?<=\/\/)[^\s/@?#"'<>]*:[^\s/@?#"'<>]*(?=@)|lk_[\w-]{43}(?![\w-])|whsec_[\w+/]{43}=?`

const hidden = new Set<string>()
let pattern = new RegExp(known, 'g')

/**
 * Has texts left out of everything that this process says, in every form in which they travel. It is the process
 * that knows them, so it is the process that hides them: errors are made in every room.
 */
export function hideSecrets(secrets: readonly string[]): void {
  for (const secret of secrets) {
    if (secret.length < minLength) continue
    for (const form of formsOf(secret)) hidden.add(form)
  }
  const escaped = [...hidden]
    .toSorted((one, other) => other.length - one.length)
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
  pattern = new RegExp([...escaped, known].join('|'), 'g')
}

/** A text with every secret replaced by `***`. */
export function withoutSecrets(text: string): string {
  return text.replace(pattern, '***')
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ]
}
