import { homedir } from 'node:os'
import envPaths from 'env-paths'

/** Where the installed program keeps libraries, unless it is told. */
export interface Folders {
  readonly library: string
  /** Of the demo: samples never mix with anyone's pictures. */
  readonly demo: string
}

/**
 * Of the person, and not of the folder that they happen to be in, or the same command would show another library
 * elsewhere.
 */
export function folders(): Folders {
  return { library: folderOf('lookalike'), demo: folderOf('lookalike-demo') }
}

/** The same, as people are told of them. */
export function toldFolders(): Folders {
  const { library, demo } = folders()
  return { library: told(library), demo: told(demo) }
}

function folderOf(name: string): string {
  return envPaths(name, { suffix: '' }).data
}

function told(folder: string): string {
  const home = homedir()
  return folder.startsWith(home) ? `~${folder.slice(home.length)}` : folder
}
