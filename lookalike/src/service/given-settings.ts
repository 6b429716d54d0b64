import { settings } from '../../../server/src/config.ts'

export { isSecretName } from '../../../server/src/starting/secret-settings.ts'

/** @returns a line for each setting that no server would start with */
export function mistakesIn(given: Readonly<Record<string, string>>): string[] {
  const { error } = settings.safeParse(given)
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}
