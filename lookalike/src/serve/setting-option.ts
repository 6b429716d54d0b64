import { Option } from 'commander'
import type { DescribedSetting } from '../../../server/src/starting/described-settings.ts'

/** What commander makes of the options of a command. */
export type GivenOptions = Readonly<Record<string, string | boolean>>

/**
 * A setting of the server as an option of a command: `--max-upload-mb <value>` for `MAX_UPLOAD_MB`.
 *
 * @param folder where the library lies unless it is told
 */
export function settingOption(setting: DescribedSetting, folder: string): Option {
  const { name, group, meaning, words, isSwitch } = setting
  const fallback = name === 'DATA_DIR' ? folder : setting.fallback
  const option = optionOf(
    `${flagOf(name)} ${isSwitch ? '[true|false]' : name === 'DATA_DIR' ? '<folder>' : '<value>'}`,
    fallback === '' || isSwitch ? meaning : `${meaning} (${fallback})`,
  )
  if (words.length > 0) option.choices(words)
  return option.helpGroup(`${group}:`)
}

/** @returns the settings that were given, as the environment would hold them */
export function environmentOf(
  given: GivenOptions,
  settings: readonly DescribedSetting[],
): Record<string, string> {
  const pairs = settings.flatMap(({ name }) => {
    const value = given[optionOf(flagOf(name)).attributeName()]
    return value === undefined ? [] : [[name, String(value)] as const]
  })
  return Object.fromEntries(pairs)
}

function optionOf(flags: string, meaning?: string): Option {
  const option = new Option(flags, meaning)
  // Commander takes --no-proxy for the opposite of --proxy.
  option.negate = false
  return option
}

export function flagOf(name: string): string {
  // What everybody calls it.
  if (name === 'DATA_DIR') return '--data'
  return `--${name.toLowerCase().replaceAll('_', '-')}`
}
