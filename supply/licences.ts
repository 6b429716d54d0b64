import { lockedPackages, type LockedPackage } from './lock.ts'

/** Ask for no more than to be named. */
const permissive = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'Python-2.0', 'PSF-2.0', 'Zlib']) // prettier-ignore
/** Ask that changes to themselves be open: used unchanged, as files of their own, and told of in NOTICE. */
const weakCopyleft = new Set(['LGPL-3.0', 'LGPL-3.0-or-later', 'MPL-2.0'])

/** What of the licences in the lock is not as it may be, a sentence each. */
export function licenceTroubles(notice: string, packages = lockedPackages()): string[] {
  return packages.flatMap((one) => {
    const terms = termsOf(one)
    if (terms.length > 0 && terms.every((term) => permissive.has(term))) return []
    const unknown = terms.filter((term) => !permissive.has(term) && !weakCopyleft.has(term))
    if (unknown.length > 0 || terms.length === 0) {
      return [
        `${one.name} ${one.version} is under ${one.license ?? 'no licence'}, which is not on the list.`,
      ]
    }
    if (one.isForDevelopment || notice.includes(familyOf(one.name))) return []
    return [`${one.name} is under ${one.license}, and NOTICE does not name it.`]
  })
}

/** Those that hold at once; of several to choose from, the one that asks least. */
function termsOf({ license = '' }: LockedPackage): string[] {
  const plain = license.replaceAll(/[()]/g, '')
  if (plain === '') return []
  const choices = plain.split(/ OR /).map((choice) => choice.split(/ AND /))
  return choices.find((terms) => terms.every((term) => permissive.has(term))) ?? choices[0]!
}

/** Builds of one work for many machines. */
function familyOf(name: string): string {
  return name.startsWith('@img/sharp') ? 'libvips' : name
}
