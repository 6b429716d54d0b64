/** Query parameters that hold what nobody else may read, as callers spell them. */
const secretParameter =
  /([?&;](?:[a-z0-9]+[-_.])*(?:api-?key|key|token|secret|password|passwd|pwd|auth|authorization|signature|sig)=)[^&;#]*/gi
const userInfo = /(\/\/|%2f%2f)[^/@?#&\s]*(@|%40)/gi

/** An address with the values of keys, and users with their passwords, left out. */
export function withoutKeys(url: string): string {
  return url.replace(secretParameter, '$1***').replace(userInfo, '$1***$2')
}
