const count = new Intl.NumberFormat('en')

/** `1 picture`, `1,204 pictures`. */
export function plural(n: number, noun: string): string {
  return `${count.format(n)} ${noun}${n === 1 ? '' : 's'}`
}

/** `42 ms`, `2.41 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}

/** `812 bytes`, `240 kB`, `3.1 MB`; decimal units, as file managers show them. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte')
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** The last part of a URI's path, for people; the whole URI when it has none. */
export function nameOf(uri: string): string {
  const tail = uri.split(/[?#]/)[0]!.split(/[/:]/).findLast(Boolean) ?? uri
  try {
    return decodeURIComponent(tail)
  } catch {
    return tail
  }
}
