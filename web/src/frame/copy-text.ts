import { announce } from './announcer.tsx'

/** Copies, and says so; where browsers do not let pages copy (over plain HTTP), it says the text instead. */
export async function copyText(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announce(said)
  } catch {
    announce(text)
  }
}
