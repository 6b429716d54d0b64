import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FileSource } from './finding/sources.ts'

/** Which URI a file has, and which file a URI stands for. */
export interface UriScheme {
  uriOf(source: FileSource): string
  /** The path a URI stands for on this machine; null for a URI that is none of ours. */
  pathOf(uri: string, root: string): string | null
}

/**
 * A file's URI is the `file://` URL of its absolute path; with a prefix, the prefix and the path from
 * the imported folder, so that two machines, or a folder that was moved, agree on it.
 */
export function uriScheme(prefix?: string): UriScheme {
  return prefix ? prefixed(prefix.replace(/\/*$/, '/')) : fileUrls
}

const fileUrls: UriScheme = {
  uriOf: ({ path }) => pathToFileURL(path).href,
  pathOf: (uri) => (uri.startsWith('file:///') ? pathOrNull(() => fileURLToPath(uri)) : null),
}

function prefixed(prefix: string): UriScheme {
  return {
    uriOf: ({ path, root }) =>
      prefix + relative(root, path).split(sep).map(encodeURIComponent).join('/'),
    pathOf: (uri, root) =>
      uri.startsWith(prefix)
        ? pathOrNull(() =>
            join(root, ...uri.slice(prefix.length).split('/').map(decodeURIComponent)),
          )
        : null,
  }
}

/** Another program may have written a URI that merely looks like one of ours. */
function pathOrNull(read: () => string): string | null {
  try {
    return read()
  } catch {
    return null
  }
}
