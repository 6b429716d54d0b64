import { extname } from 'node:path'

/** What a picture is called in reports, by the extensions that it goes by. */
const pictures: Record<string, string> = kindsOf({
  JPEG: 'jpg jpeg jpe jfif pjpeg mpo',
  PNG: 'png apng',
  WebP: 'webp',
  GIF: 'gif',
  AVIF: 'avif avifs',
  TIFF: 'tif tiff',
  HEIC: 'heic heif hif heics heifs',
  'JPEG XL': 'jxl',
  BMP: 'bmp dib',
})
const raws: Record<string, string> = kindsOf({
  RAW: 'cr2 cr3 nef nrw arw srf sr2 dng raf orf rw2 rwl pef srw',
})
/** Left out of folders, and by what name. */
const others: Record<string, string> = kindsOf({
  video: 'mp4 m4v mov avi mkv webm mpg mpeg 3gp 3g2 mts m2ts wmv flv ogv insv lrv',
  'sound file': 'mp3 m4a aac wav flac ogg opus wma aiff amr',
  drawing: 'svg svgz psd psb ai eps xcf kra cdr indd afphoto clip',
  'unread RAW': 'crw x3f 3fr fff iiq erf mef mos mrw kdc dcr raw rwz gpr',
  // In the plural, each of these words takes an s.
  document: 'pdf txt md doc docx odt html htm rtf pages xls xlsx ppt pptx',
  'data file': 'json xmp aae thm pp3 dop vrd cos on1 csv jsonl ndjson',
  archive: 'zip tar gz tgz 7z rar bz2 xz',
  'catalog file': 'lrcat lrdata lrprev db sqlite ini',
})
/** Folders that hold copies, rubbish or thumbnails of a system's own. */
const systemFolders = new Set([
  '@eadir', '#recycle', '#snapshot', '.@__thumb', '@recycle', '@recently-snapshot', '$recycle.bin', 'recycler',
  'system volume information', 'lost+found', '.trashes', '.trash', '.spotlight-v100', '.fseventsd', '__macosx',
  '.temporaryitems', '.documentrevisions-v100', '.appledouble', '.picasaoriginals',
]) // prettier-ignore
const systemFiles = new Set(['thumbs.db', 'desktop.ini', '.ds_store', 'ehthumbs.db', 'picasa.ini', '.picasa.ini', 'icon\r']) // prettier-ignore
/** What Photos keeps beside the originals: smaller copies, edits, faces. */
const originalsOf = { photoslibrary: ['originals', 'masters'] }

export type FileKind =
  | { readonly picture: string; readonly isRaw: boolean }
  | { readonly other: string | null }

/** What a file is by its name; `other: null` where the name says nothing. */
export function kindOf(name: string): FileKind {
  const extension = extname(name).slice(1).toLowerCase()
  if (pictures[extension]) return { picture: pictures[extension], isRaw: false }
  if (raws[extension]) return { picture: extension.toUpperCase(), isRaw: true }
  return { other: others[extension] ?? null }
}

/** Whether a file in a folder is worth sending; one named by itself is sent whatever its name. */
export function isPicture(path: string): boolean {
  return 'picture' in kindOf(path)
}

/** Whether a system wrote a file for itself. */
export function isSystemFile(name: string): boolean {
  return systemFiles.has(name.toLowerCase()) || name.startsWith('._')
}

/** Whether a folder is a system's own, and not the person's. */
export function isSystemFolder(name: string, parent: string): boolean {
  const lower = name.toLowerCase()
  if (systemFolders.has(lower)) return true
  const isLibrary = extname(parent).toLowerCase() === '.photoslibrary'
  return isLibrary && !originalsOf.photoslibrary.includes(lower)
}

const signatures = [
  /^\xff\xd8\xff/,
  /^\x89PNG\r\n/,
  /^GIF8[79]a/,
  /^RIFF.{4}WEBP/s,
  /^(II\*\0|MM\0\*)/,
  /^.{4}ftyp(heic|heix|mif1|avif)/s,
]

/** Whether a file whose name says nothing begins like a picture. */
export function beginsLikePicture(head: Buffer): boolean {
  const text = head.toString('latin1')
  const isJpegXl = text.startsWith('\xff\n') || text.slice(4, 8) === 'JXL '
  return isJpegXl || signatures.some((signature) => signature.test(text))
}

function kindsOf(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([kind, list]) => list.split(' ').map((one) => [one, kind])),
  )
}
