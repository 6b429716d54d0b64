// Fields come before the file, so that the server knows them by the time the bytes arrive.
export function form(fields: Record<string, Blob | string | number | undefined>): FormData {
  const data = new FormData()
  const entries = Object.entries(fields)
  for (const [name, value] of entries) {
    if (value !== undefined && !(value instanceof Blob)) data.append(name, String(value))
  }
  for (const [name, value] of entries) {
    if (value instanceof Blob) data.append(name, value)
  }
  return data
}
