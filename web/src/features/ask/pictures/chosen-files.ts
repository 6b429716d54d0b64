const kept = 60
const files = new Map<string, File>()

/**
 * Keeps a picture from outside for as long as the window is open, so that Back finds it.
 *
 * @returns what stands for it in the address: the SHA-256 of its bytes, by which everybody finds it whose
 *   library has it. Where browsers do not hash (over plain HTTP, but for localhost), a name that only this
 *   window knows.
 */
export async function keepFile(file: File): Promise<string> {
  const name = crypto.subtle ? await sha256(file) : `here-${Date.now().toString(36)}-${file.size}`
  files.delete(name)
  files.set(name, file)
  for (const oldest of files.keys()) {
    if (files.size <= kept) break
    files.delete(oldest)
  }
  return name
}

export function keptFile(name: string): File | undefined {
  return files.get(name)
}

export function isSha256(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name)
}

async function sha256(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
