import snakecaseKeys from 'snakecase-keys'
import type { SnakeCasedPropertiesDeep } from 'type-fest'

/** What a use case says, as it travels; not for what holds a caller's own keys. */
export function snakeCased<T extends object>(value: T): SnakeCasedPropertiesDeep<T> {
  const converted = snakecaseKeys(value as Record<string, unknown>, { deep: true })
  return converted as SnakeCasedPropertiesDeep<T>
}
