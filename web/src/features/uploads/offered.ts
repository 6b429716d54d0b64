/** A file that somebody brings, and where it lay, folders and all. */
export interface Offered {
  file: File
  path: string
}

/** What a file dialog gave. */
export function offeredOf(files: Iterable<File>): Offered[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
}

/** Whether a drag brings files. */
export function bringsFiles({ types }: DataTransfer): boolean {
  return types.includes('Files')
}

/** What was dropped, with all that lies in dropped folders. To be called while the event is handled. */
export async function readDrop(transfer: DataTransfer): Promise<Offered[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry())
  if (entries.every((entry) => entry === null)) return offeredOf(transfer.files)
  const found: Offered[] = []
  for (const entry of entries) if (entry) await collect(entry, found)
  return found
}

async function collect(entry: FileSystemEntry, found: Offered[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File | null>((resolve) =>
      // A link that leads nowhere, or what may not be read.
      entry.file(resolve, () => resolve(null)),
    )
    if (file) found.push({ file, path: entry.fullPath.replace(/^\//, '') })
    return
  }
  if (!isFolder(entry)) return
  const reader = entry.createReader()
  // It gives a hundred at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    )
    if (some.length === 0) return
    for (const each of some) await collect(each, found)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
