import type { Client } from '@lookalike/sdk'
import type { ContentBlock } from '@modelcontextprotocol/server'

export async function base64Of(blob: Blob): Promise<string> {
  return Buffer.from(await blob.arrayBuffer()).toString('base64')
}

export async function imageContent(blob: Blob): Promise<ContentBlock> {
  return { type: 'image', mimeType: blob.type, data: await base64Of(blob) }
}

/** The pictures of these ids on one sheet; where it cannot be made, why, for the results are worth having without. */
export async function sheetOf(
  client: Client,
  ids: string[],
  signal: AbortSignal,
): Promise<ContentBlock[]> {
  if (ids.length === 0) return []
  try {
    return [await imageContent(await client.contactSheet(ids, { signal }))]
  } catch (error) {
    signal.throwIfAborted()
    return [{ type: 'text', text: `There is no contact sheet: ${(error as Error).message}` }]
  }
}
