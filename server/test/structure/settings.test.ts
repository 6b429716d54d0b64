import { expect, test } from 'vitest'
import { environmentExample, settingsPage } from './settings-documents.ts'

test('docs/settings.md says what the settings say of themselves', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../../docs/settings.md')
})

test('.env.example has every setting with its default', async () => {
  await expect(environmentExample()).toMatchFileSnapshot('../../../.env.example')
})
