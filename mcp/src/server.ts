import { McpServer } from '@modelcontextprotocol/server'
import type { McpOptions } from './options.ts'
import { recordResources } from './resources.ts'
import { askingTools } from './tools/asking.ts'
import { indexTool } from './tools/indexing.ts'
import { searchTools } from './tools/searching.ts'

const instructions =
  'A library of pictures, searched by likeness. Searches answer with one contact sheet, a picture of all results ' +
  'with their numbers, and the results by number: look at the sheet before you choose. `match` says how alike two ' +
  'pictures are: same, near-duplicate, strong, possible, weak. Ids are given to `show` and `more_like`.'

/** The tools and resources of one conversation. */
export function buildMcpServer(options: McpOptions): McpServer {
  const server = new McpServer(
    { name: 'lookalike', title: 'Lookalike', version: options.version },
    { instructions },
  )
  searchTools(server, options)
  askingTools(server, options)
  if (options.write) indexTool(server, options)
  recordResources(server, options)
  return server
}
