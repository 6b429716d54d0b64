import { counted } from './counted.ts'

/** Numbers, durations and sizes as a language writes them. */
export function formats(language: string) {
  const whole = new Intl.NumberFormat(language)
  const digits = (n: number) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: n, maximumFractionDigits: n })
  const [one, two, four] = [digits(1), digits(2), digits(4)]
  const bytes = counted(language)({
    one: '# byte',
    other: language === 'de' ? '# Byte' : '# bytes',
  })
  const dollars = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' })
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const list = new Intl.ListFormat(language)
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  return {
    number: (n: number) => whole.format(n),
    /** A minimum, to two digits. */
    hundredths: (n: number) => two.format(n),
    /** A similarity, to four digits. */
    score: (n: number) => four.format(n),
    /** Of a similarity. A close copy is not the same picture: 100 % is kept for what rounds to it at three digits. */
    percent: (score: number) =>
      new Intl.NumberFormat(language, { style: 'percent' }).format(
        score >= 0.9995 ? 1 : Math.min(0.99, Math.round(score * 100) / 100),
      ),
    /** `a, b and c`. */
    list: (items: readonly string[]) => list.format(items),
    /** US dollars. */
    dollars: (n: number) => dollars.format(n),
    /** Of a single call: two digits, however small. */
    smallDollars: (n: number) =>
      new Intl.NumberFormat(language, {
        style: 'currency',
        currency: 'USD',
        maximumSignificantDigits: 2,
      }).format(n),
    /** `42 ms`, `2.41 s`. */
    duration: (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${two.format(ms / 1000)} s`),
    /** `812 bytes`, `240 kB`, `3.1 MB`; decimal units, as file managers show them. */
    fileSize(size: number) {
      if (size < 1000) return bytes(size)
      return size < 1e6 ? `${Math.round(size / 1000)} kB` : `${one.format(size / 1e6)} MB`
    },
    /** Day and minute. */
    moment: (time: Date) => moment.format(time),
    /** Of a time in ISO 8601. */
    date: (iso: string) => date.format(new Date(iso)),
  }
}
