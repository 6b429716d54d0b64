import type { SettingNames } from '../../providers/provider-errors.ts'

export const settingNames: SettingNames = {
  url: 'OPENAI_BASE_URL',
  key: 'OPENAI_API_KEY',
  models: 'OPENAI_VISION_MODEL, OPENAI_EMBEDDING_MODEL',
}
