import type { Strings } from '../strings.ts'

export const signIn: Strings['signIn'] = {
  title: 'Diese Sammlung ist privat.',
  before: 'Melde dich mit einem Schlüssel dieses Servers an: einem von ',
  or: ' oder einem von ',
  after: '.',
  key: 'API-Schlüssel',
  wrong: 'Diesen Schlüssel kennt der Server nicht.',
  submit: 'Anmelden',
}
