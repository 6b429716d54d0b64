import { fileTypeFromBuffer } from 'file-type'
import type { ImageFormat } from './image.ts'

const formats: Record<string, ImageFormat> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/apng': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/tiff': 'tiff',
}

/** Either an accepted format, or the name of what the bytes are instead. */
export type Sniffed = { format: ImageFormat } | { format: null; looksLike: string }

/**
 * Tells a file's format from its first bytes alone (4 KiB are plenty), because names and
 * Content-Type headers are the sender's claim.
 */
export async function sniff(head: Uint8Array): Promise<Sniffed> {
  if (head.length === 0) return { format: null, looksLike: 'an empty file' }
  const type = await fileTypeFromBuffer(head)
  // A TIFF's directory may lie anywhere in the file, out of reach of its first bytes.
  const format = type ? formats[type.mime] : isTiff(head) ? 'tiff' : undefined
  if (format) return { format }
  const text = describeText(head)
  if (text) return { format: null, looksLike: text }
  if (type) return { format: null, looksLike: `${type.ext.toUpperCase()} (${type.mime})` }
  return { format: null, looksLike: 'bytes of no known file type' }
}

function isTiff(head: Uint8Array): boolean {
  const magic = Buffer.from(head.subarray(0, 4)).toString('latin1')
  return magic === 'II*\0' || magic === 'MM\0*'
}

function describeText(head: Uint8Array): string | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return undefined
  }
  if (text.includes('\0')) return undefined
  if (/<svg[\s>]/i.test(text)) return 'SVG (image/svg+xml)'
  if (/^\s*(<!doctype html|<html)/i.test(text)) return 'HTML (text/html)'
  if (/^\s*<\?xml/.test(text)) return 'XML (application/xml)'
  return 'plain text'
}
