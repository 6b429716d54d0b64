export const signIn = {
  title: 'This library is private.',
  before: 'Sign in with one of this server’s keys: one of its ',
  or: ', or one that ',
  after: ' made.',
  key: 'API key',
  wrong: 'That key is not one of this server’s.',
  submit: 'Sign in',
}
