/** As `engines` in the manifest that is published says it; what asks for it: docs/decisions, "One package". */
export const supportedNode = '^22.19.0 || >=24.0.0'

/** @param version such as '22.19.0' */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major >= 24 || (major === 22 && minor >= 19)
}
