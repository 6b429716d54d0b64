/** The last part of a URI's path, for people; the whole URI when it has none. */
export function nameOf(uri: string): string {
  const tail = uri.split(/[?#]/)[0]!.split(/[/:]/).findLast(Boolean) ?? uri
  try {
    return decodeURIComponent(tail)
  } catch {
    return tail
  }
}
