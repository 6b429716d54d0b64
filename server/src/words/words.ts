/** Scripts without spaces between words: there every sign stands for itself. */
const signs = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`
const word = new RegExp(String.raw`[${signs}]|[[\p{L}\p{M}\p{N}]--[${signs}]]+`, 'gv')

/** The words of a text in their order, in lower case: runs of letters and digits. */
export function wordsIn(text: string): string[] {
  return text.toLowerCase().normalize('NFC').match(word) ?? []
}

/** A text in lower case and without accents. */
export function withoutAccents(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, '')
}
