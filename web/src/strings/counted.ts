/** Forms of a phrase by the plural categories of its language; `#` stands for the number. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/**
 * Phrases that count, in the grammar of a language.
 *
 * @example counted('en')({ one: '# picture', other: '# pictures' })(1204) // 1,204 pictures
 */
export function counted(language: string) {
  const rules = new Intl.PluralRules(language)
  const format = new Intl.NumberFormat(language)
  return (forms: Forms) => (n: number) =>
    (forms[rules.select(n)] ?? forms.other).replace('#', format.format(n))
}
